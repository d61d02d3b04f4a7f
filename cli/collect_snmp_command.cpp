// `kurabe collect snmp`: base metrics of devices by SNMP, once or every minute.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "collectors/host_port.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/printable.hpp"
#include "collectors/rounds.hpp"
#include "collectors/snmp/poller.hpp"
#include "server/snmp_config.hpp"
#include "server/snmp_credentials.hpp"

namespace kurabe::cli {

namespace {

namespace snmp = collectors::snmp;

Result<snmp::Wanted> wanted_of(const CollectSnmpCommand& command) {
    if (command.parts.empty()) return snmp::Wanted::everything();
    snmp::Wanted wanted;
    for (const std::string& part : command.parts) {
        if (!server::add_snmp_line({part}, wanted)) {
            return fail(ErrorCode::kInvalid, "--only is 'if', 'hr' or 'ucd'");
        }
    }
    return wanted;
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

// What polls came to: lines on standard output, and one on standard error for each that failed.
class Telling {
  public:
    Telling(rrdtool::Output& out, const Environment& environment)
        : out_(out), environment_(environment) {}

    void operator()(const snmp::Target& target, const Result<collectors::Report>& outcome) {
        if (outcome) {
            out_.write(collectors::kurado_lines(*outcome));
            return;
        }
        ++failed_;
        const collectors::HostPort place{target.host, target.port};
        fmt::print(stderr, "{}: {}\n", place.text(), outcome.error().message);
        out_.write(collectors::kurado_lines(collectors::failure_report(
            "snmp", target.host, outcome.error().message, environment_.now())));
    }
    [[nodiscard]] std::size_t failed() const { return failed_; }

  private:
    rrdtool::Output& out_;
    const Environment& environment_;
    std::size_t failed_ = 0;
};

// Until something ends the process, or nobody reads what it prints.
Result<void> go_on(snmp::Poller& poller, const CollectSnmpCommand& command,
                   const Environment& environment, rrdtool::Output& out) {
    Result<void> flushed;
    collectors::PollCounts counts;
    const auto goes_on = [&] {
        if (poller.busy() == 0) flushed = out.flush();
        return flushed.has_value();
    };
    collectors::run_rounds(poller, store::Seconds{command.interval}, environment.now, goes_on,
                           counts);
    return flushed;
}

}  // namespace

Result<void> run_collect_snmp(const CollectSnmpCommand& command, const Environment& environment,
                              rrdtool::Output& out) {
    const auto targets = parse_targets(command);
    if (!targets) return std::unexpected(targets.error());
    auto settings = settings_of(command);
    if (!settings) return std::unexpected(settings.error());
    raise_open_files_limit();  // a socket is a descriptor
    Telling telling(out, environment);
    auto poller = snmp::Poller::create(*std::move(settings), environment.now, std::ref(telling),
                                       std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    for (const snmp::Target& target : *targets) {
        if (auto added = (*poller)->add(target); !added) return added;
    }
    if (!command.once) return go_on(**poller, command, environment, out);
    (*poller)->begin();
    while ((*poller)->busy() > 0) (*poller)->work(std::chrono::seconds{1});
    if (telling.failed() == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} hosts failed", telling.failed(), targets->size()));
}

}  // namespace kurabe::cli
