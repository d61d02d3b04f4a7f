// `kurabe collect ssh`: base metrics of hosts on which nothing is installed, once or every minute.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "cli/open_files.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/rounds.hpp"
#include "collectors/ssh/poller.hpp"
#include "collectors/ssh/remote_command.hpp"

namespace kurabe::cli {

namespace {

using Clock = std::chrono::steady_clock;
using collectors::ssh::Poller;
using collectors::ssh::Target;

constexpr std::chrono::seconds kDeliveryInterval{1};  // while polls are under way

// Names of hosts are what their series are called by, so each may come once only.
Result<std::vector<Target>> parse_targets(const std::vector<std::string>& words) {
    std::vector<Target> targets;
    for (const std::string& word : words) {
        auto target = Target::parse(word);
        if (!target) return std::unexpected(target.error());
        if (std::ranges::find(targets, target->host, &Target::host) != targets.end()) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("'{}' comes twice; give the second a name of its own in "
                                    "ssh_config(5)",
                                    target->host));
        }
        targets.push_back(*std::move(target));
    }
    return targets;
}

collectors::ssh::Settings settings_of(const CollectSshCommand& command) {
    return {.identity = command.identity,
            .known_hosts = command.known_hosts,
            .config = command.config,
            .deadline = std::chrono::round<std::chrono::milliseconds>(
                std::chrono::duration<double>(command.deadline))};
}

// What polls came to: lines, and one on standard error for each that failed.
class Telling {
  public:
    Telling(LineTarget& lines, const Environment& environment)
        : lines_(lines), environment_(environment) {}

    void operator()(const Target& target, const Result<collectors::Report>& outcome) {
        if (outcome) {
            lines_.add(collectors::kurado_lines(*outcome));
            return;
        }
        ++failed_;
        fmt::print(stderr, "{}: {}\n", target.text(), outcome.error().message);
        lines_.add(collectors::kurado_lines(collectors::failure_report(
            "ssh", target.host, outcome.error().message, environment_.now())));
    }
    [[nodiscard]] std::size_t failed() const { return failed_; }

  private:
    LineTarget& lines_;
    const Environment& environment_;
    std::size_t failed_ = 0;
};

void finish_round(Poller& poller) {
    while (poller.busy() > 0) poller.work(std::chrono::seconds{1});
}

// Until something ends the process, or nobody reads what it prints. A server may be back when there
// are more lines.
Result<void> go_on(Poller& poller, const CollectSshCommand& command, const Environment& environment,
                   LineTarget& lines) {
    Result<void> delivered;
    Clock::time_point due = Clock::now();
    const auto goes_on = [&] {
        if (poller.busy() > 0 && Clock::now() < due) return true;
        due = Clock::now() + kDeliveryInterval;
        delivered = lines.deliver();
        if (delivered) return true;
        if (lines.is_standard_output()) return false;
        fmt::print(stderr, "{}\n", delivered.error().message);
        delivered = {};
        return true;
    };
    collectors::PollCounts counts;
    collectors::run_rounds(poller, store::Seconds{command.interval}, environment.now, goes_on,
                           counts);
    return delivered;
}

}  // namespace

Result<void> run_collect_ssh(const CollectSshCommand& command, const Environment& environment,
                             rrdtool::Output& out) {
    if (command.prints_forced_command) {
        out.write(collectors::ssh::forced_command_options() + '\n');
        return {};
    }
    const auto targets = parse_targets(command.targets);
    if (!targets) return std::unexpected(targets.error());
    if (targets->empty()) return fail(ErrorCode::kInvalid, "name at least one [USER@]HOST[:PORT]");
    raise_open_files_limit();  // a session is a descriptor
    auto lines = LineTarget::create(command.server, out);
    if (!lines) return std::unexpected(lines.error());
    Telling telling(*lines, environment);
    auto poller = Poller::create(settings_of(command), environment.now, std::ref(telling),
                                 std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    for (const Target& target : *targets) (*poller)->add(target);
    if (!command.once) return go_on(**poller, command, environment, *lines);
    (*poller)->begin();
    finish_round(**poller);
    if (auto delivered = lines->deliver(); !delivered) return delivered;
    if (telling.failed() == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} hosts failed", telling.failed(), targets->size()));
}

}  // namespace kurabe::cli
