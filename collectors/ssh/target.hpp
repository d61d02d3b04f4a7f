// Which host is watched over SSH, as it is named on a command line: [USER@]HOST[:PORT].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::collectors::ssh {

inline constexpr std::size_t kUserBytesMax = 64;

struct Target {
    std::string user;  // empty: the configuration's, else the name of who runs this
    std::string host;  // a name, an alias of the configuration or an address
    std::optional<std::uint16_t> port = {};  // none: the configuration's, else 22
    std::string known_as = {};               // of reports; empty: the host

    [[nodiscard]] const std::string& reported_host() const noexcept {
        return known_as.empty() ? host : known_as;
    }

    // An IPv6 address stands in brackets when a port follows. kInvalid for what would be read as
    // something else by a shell (ssh's configuration may give the name to one) or by a file name.
    [[nodiscard]] static Result<Target> parse(std::string_view text);
    // The way to a host that is named elsewhere: [USER@][:PORT], often empty.
    [[nodiscard]] static Result<Target> parse_way(std::string_view way, const std::string& host);
    [[nodiscard]] std::string text() const;
    auto operator<=>(const Target&) const = default;
};

}  // namespace kurabe::collectors::ssh
