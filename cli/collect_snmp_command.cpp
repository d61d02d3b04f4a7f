// `kurabe collect snmp`: base metrics of devices by SNMP, once or every minute.
#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "cli/open_files.hpp"
#include "cli/told_polls.hpp"
#include "collectors/host_port.hpp"
#include "collectors/printable.hpp"
#include "collectors/snmp/poller.hpp"
#include "server/snmp_config.hpp"
#include "server/snmp_credentials.hpp"

namespace kurabe::cli {

namespace {

namespace snmp = collectors::snmp;

Result<snmp::Wanted> wanted_of(const CollectSnmpCommand& command) {
    if (command.parts.empty()) return snmp::Wanted::everything();
    server::SnmpLines lines;
    for (const std::string& part : command.parts) {
        if (!server::add_snmp_line({part}, lines)) {
            return fail(ErrorCode::kInvalid, "--only is 'if', 'hr' or 'ucd'");
        }
    }
    return lines.wanted;
}

// Names of hosts are what their series are called by, so each may come once only.
Result<std::vector<snmp::Target>> parse_targets(const CollectSnmpCommand& command) {
    constexpr std::size_t kShownBytesMax = 200;
    const auto wanted = wanted_of(command);
    if (!wanted) return std::unexpected(wanted.error());
    std::vector<snmp::Target> targets;
    for (const std::string& word : command.targets) {
        const auto place = collectors::parse_host_port(word);
        if (!place) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("'{}': {}; it is HOST[:PORT]",
                                    collectors::printable(word, kShownBytesMax), place.error()));
        }
        if (std::ranges::find(targets, place->host, &snmp::Target::host) != targets.end()) {
            return fail(ErrorCode::kInvalid, fmt::format("'{}' comes twice", place->host));
        }
        targets.push_back({.host = place->host, .port = place->port, .wanted = *wanted});
    }
    if (targets.empty()) return fail(ErrorCode::kInvalid, "name at least one HOST[:PORT]");
    return targets;
}

Result<snmp::Settings> settings_of(const CollectSnmpCommand& command) {
    auto credentials =
        server::load_snmp_credentials(command.credentials, server::ask_own_environment);
    if (!credentials) return std::unexpected(credentials.error());
    return snmp::Settings{.credentials = *std::move(credentials),
                          .deadline = std::chrono::round<std::chrono::milliseconds>(
                              std::chrono::duration<double>(command.deadline)),
                          .goes_on = !command.once};
}

}  // namespace

Result<void> run_collect_snmp(const CollectSnmpCommand& command, const Environment& environment,
                              rrdtool::Output& out) {
    const auto targets = parse_targets(command);
    if (!targets) return std::unexpected(targets.error());
    auto settings = settings_of(command);
    if (!settings) return std::unexpected(settings.error());
    raise_open_files_limit();  // a socket is a descriptor
    auto lines = LineTarget::create(command.server, environment, out);
    if (!lines) return std::unexpected(lines.error());
    ToldPolls told("snmp", *lines, environment);
    auto poller = snmp::Poller::create(
        *std::move(settings), environment.now,
        [&told](const snmp::Target& target, const auto& outcome) {
            told.take(collectors::HostPort{target.host, target.port}.text(), target.host, outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    for (const snmp::Target& target : *targets) {
        if (auto added = (*poller)->add(target); !added) return added;
    }
    if (!command.once) {
        return poll_on(**poller, store::Seconds{command.interval}, environment, *lines);
    }
    poll_once(**poller);
    return told.finish(targets->size());
}

}  // namespace kurabe::cli
