// Which host is watched over SSH, as it is named on a command line.
#include "collectors/ssh/target.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "collectors/ssh/printable.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kShownBytesMax = 200;

bool consists_of(std::string_view text, std::string_view punctuation) {
    return std::ranges::all_of(text, [&](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9') || punctuation.contains(byte);
    });
}

// A leading '-' would be an option to a program that is given the name.
bool is_user(std::string_view text) {
    return !text.empty() && text.size() <= kUserBytesMax && !text.starts_with('-') &&
           consists_of(text, "._-+");
}

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

// "HOST", "HOST:PORT", "[ADDRESS]:PORT", "ADDRESS" -> host and what follows its colon, if any.
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

Result<Target> Target::parse(std::string_view text) {
    const auto wrong = [&text](std::string_view what) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}': {}; it is [USER@]HOST[:PORT]",
                                                     printable(text, kShownBytesMax), what));
    };
    Target target;
    std::string_view rest = text;
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        target.user = text.substr(0, at);
        if (!is_user(target.user)) return wrong("no such name can be a user's");
        rest.remove_prefix(at + 1);
    }
    const auto [host, port] = split(rest);
    if (!is_host(host)) return wrong("no such name can be a host's");
    target.host = host;
    if (port) {
        target.port = parse_port(*port);
        if (!target.port) return wrong("the port is no number from 1 to 65535");
    }
    return target;
}

Result<Target> Target::parse_way(std::string_view way, const std::string& host) {
    const std::size_t at = way.find('@');
    const std::size_t port = at == std::string_view::npos ? 0 : at + 1;
    if (port < way.size() && way[port] != ':') {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is not [USER@][:PORT]", printable(way, kShownBytesMax)));
    }
    const std::string place = host.contains(':') ? '[' + host + ']' : host;
    return parse(std::string(way.substr(0, port)) + place + std::string(way.substr(port)));
}

std::string Target::text() const {
    std::string text = user.empty() ? "" : user + '@';
    if (!port) return text + host;
    return text + (host.contains(':') ? fmt::format("[{}]:{}", host, *port)
                                      : fmt::format("{}:{}", host, *port));
}

}  // namespace kurabe::collectors::ssh
