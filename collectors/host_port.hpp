// A host and a port as they are named on a command line.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace kurabe::collectors {

struct HostPort {
    std::string host;  // a name or an address
    std::optional<std::uint16_t> port = {};

    // "HOST:PORT", "[ADDRESS]:PORT" or what parse() reads without a port.
    [[nodiscard]] std::string text() const;
};

// "HOST", "HOST:PORT", "ADDRESS" or "[ADDRESS]:PORT". Otherwise what is wrong, in a few words: also
// a host that would be read as something else by a shell or by a file name.
[[nodiscard]] std::expected<HostPort, std::string_view> parse_host_port(std::string_view text);

// Whether all of `text` are letters, digits or one of `punctuation`.
[[nodiscard]] bool consists_of(std::string_view text, std::string_view punctuation) noexcept;

}  // namespace kurabe::collectors
