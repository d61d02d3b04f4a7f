// A host and a port as they are named on a command line.
#include "collectors/host_port.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "store/sample.hpp"

namespace kurabe::collectors {
namespace {

// A leading '-' would be an option to a program that is given the name.
bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= store::kHostBytesMax && !text.starts_with('-') &&
           !text.starts_with('.') && consists_of(text, "._-:%");
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || stop != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

// Host and what follows its colon, if any.
struct Split {
    std::string_view host;
    std::optional<std::string_view> port;
};

Split split(std::string_view text) {
    const std::size_t bracket = text.find(']');
    if (text.starts_with('[') && bracket != std::string_view::npos) {
        const std::string_view rest = text.substr(bracket + 1);
        if (rest.empty()) return {text.substr(1, bracket - 1), std::nullopt};
        if (rest.starts_with(':')) return {text.substr(1, bracket - 1), rest.substr(1)};
        return {{}, std::nullopt};
    }
    const std::size_t colon = text.find(':');
    const bool is_port = colon != std::string_view::npos && text.rfind(':') == colon;
    if (!is_port) return {text, std::nullopt};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

std::string HostPort::text() const {
    if (!port) return host;
    return host.contains(':') ? fmt::format("[{}]:{}", host, *port)
                              : fmt::format("{}:{}", host, *port);
}

std::expected<HostPort, std::string_view> parse_host_port(std::string_view text) {
    const auto [host, port] = split(text);
    if (!is_host(host)) return std::unexpected("no such name can be a host's");
    HostPort parsed{.host = std::string(host)};
    if (port) {
        parsed.port = parse_port(*port);
        if (!parsed.port) return std::unexpected("the port is no number from 1 to 65535");
    }
    return parsed;
}

bool consists_of(std::string_view text, std::string_view punctuation) noexcept {
    return std::ranges::all_of(text, [punctuation](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9') || punctuation.contains(byte);
    });
}

}  // namespace kurabe::collectors
