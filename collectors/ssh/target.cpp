// Which host is watched over SSH, as it is named on a command line.
#include "collectors/ssh/target.hpp"

#include <utility>

#include <fmt/format.h>

#include "collectors/host_port.hpp"
#include "collectors/printable.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kShownTargetBytesMax = 200;

// A leading '-' would be an option to a program that is given the name.
bool is_user(std::string_view text) {
    return !text.empty() && text.size() <= kUserBytesMax && !text.starts_with('-') &&
           consists_of(text, "._-+");
}

}  // namespace

Result<Target> Target::parse(std::string_view text) {
    const auto wrong = [&text](std::string_view what) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}': {}; it is [USER@]HOST[:PORT]",
                                                     printable(text, kShownTargetBytesMax), what));
    };
    Target target;
    std::string_view rest = text;
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        target.user = text.substr(0, at);
        if (!is_user(target.user)) return wrong("no such name can be a user's");
        rest.remove_prefix(at + 1);
    }
    auto place = parse_host_port(rest);
    if (!place) return wrong(place.error());
    target.host = std::move(place->host);
    target.port = place->port;
    return target;
}

Result<Target> Target::parse_way(std::string_view way, const std::string& host) {
    const std::size_t at = way.find('@');
    const std::size_t port = at == std::string_view::npos ? 0 : at + 1;
    if (port < way.size() && way[port] != ':') {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' is not [USER@][:PORT]",
                                                     printable(way, kShownTargetBytesMax)));
    }
    const std::string place = host.contains(':') ? '[' + host + ']' : host;
    return parse(std::string(way.substr(0, port)) + place + std::string(way.substr(port)));
}

std::string Target::text() const {
    return (user.empty() ? "" : user + '@') + HostPort{host, port}.text();
}

}  // namespace kurabe::collectors::ssh
