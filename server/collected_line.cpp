// Reads the arguments of lines that are collected here.
#include "server/collected_line.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "collectors/fetch/arguments.hpp"
#include "collectors/munin/answer.hpp"
#include "collectors/munin/node.hpp"
#include "collectors/ssh/target.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kMunin = "munin";
constexpr std::string_view kSsh = "ssh";

}  // namespace

bool is_collected(std::string_view name) noexcept {
    return name == kMunin || name == kExecLine;
}

Result<MuninLine> parse_munin_line(const PluginLine& line) {
    const bool is_over_ssh = !line.arguments.empty() && line.arguments[0] == kSsh;
    const std::string_view right =
        is_over_ssh ? "write 'munin:ssh', 'munin:ssh:USER@', 'munin:ssh:USER@:PORT' or "
                      "'munin:ssh:USER@:PORT:SERVICE'"
                    : "write 'munin', 'munin:PORT' or 'munin:PORT:SERVICE', or 'munin:ssh'";
    const auto wrong = [&](std::string_view what) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}'{}; {}", line.identifier(), what, right));
    };
    std::span<const std::string> rest(line.arguments);
    MuninLine parsed{.port = collectors::munin::kPort};
    if (is_over_ssh) {
        parsed.ssh_way = rest.size() > 1 ? rest[1] : "";
        rest = rest.subspan(std::min<std::size_t>(rest.size(), 2));
    }
    if (rest.size() > 2) return wrong(" has too many arguments");
    if (!rest.empty() && !rest[0].empty()) {
        if (!collectors::fetch::fits(collectors::fetch::ArgumentType::kPort, rest[0])) {
            return wrong(fmt::format(": '{}' is no port", rest[0]));
        }
        parsed.port = static_cast<std::uint16_t>(std::stoi(rest[0]));
        if (is_over_ssh) *parsed.ssh_way += ':' + rest[0];
    }
    if (is_over_ssh) {
        const auto target = collectors::ssh::Target::parse_way(*parsed.ssh_way, "host");
        if (!target) return wrong(": " + target.error().message);
    }
    if (rest.size() < 2) return parsed;
    if (!collectors::munin::is_service_name(rest[1])) {
        return wrong(fmt::format(": '{}' can name no service of a munin-node", rest[1]));
    }
    parsed.service = rest[1];
    return parsed;
}

Result<void> check_collected(const PluginLine& line) {
    if (line.name == kExecLine && line.arguments.empty()) {
        return fail(ErrorCode::kInvalid,
                    "'exec' names no command; write 'exec:NAME' or 'exec:NAME:ARGUMENT:...'");
    }
    if (line.name != kMunin) return {};
    const auto parsed = parse_munin_line(line);
    if (!parsed) return std::unexpected(parsed.error());
    return {};
}

}  // namespace kurabe::server
