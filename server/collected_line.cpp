// Reads the arguments of lines that are collected here.
#include "server/collected_line.hpp"

#include <fmt/format.h>

#include "collectors/fetch/arguments.hpp"
#include "collectors/munin/answer.hpp"
#include "collectors/munin/node.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kMunin = "munin";

}  // namespace

bool is_collected(std::string_view name) noexcept {
    return name == kMunin || name == kExecLine;
}

Result<MuninLine> parse_munin_line(const PluginLine& line) {
    constexpr std::string_view kRight = "write 'munin', 'munin:PORT' or 'munin:PORT:SERVICE'";
    MuninLine parsed{.port = collectors::munin::kPort, .service = {}};
    const auto& arguments = line.arguments;
    if (arguments.size() > 2) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' has too many arguments; {}", line.identifier(), kRight));
    }
    if (!arguments.empty() && !arguments[0].empty()) {
        if (!collectors::fetch::fits(collectors::fetch::ArgumentType::kPort, arguments[0])) {
            return fail(ErrorCode::kInvalid, fmt::format("'{}': '{}' is no port; {}",
                                                         line.identifier(), arguments[0], kRight));
        }
        parsed.port = static_cast<std::uint16_t>(std::stoi(arguments[0]));
    }
    if (arguments.size() < 2) return parsed;
    if (!collectors::munin::is_service_name(arguments[1])) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}': '{}' can name no service of a munin-node; {}",
                                line.identifier(), arguments[1], kRight));
    }
    parsed.service = arguments[1];
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
