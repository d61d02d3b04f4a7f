// `kurabe collect ssh`: base metrics of hosts on which nothing is installed, once or every minute.
#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "cli/open_files.hpp"
#include "cli/ssh_settings.hpp"
#include "cli/told_polls.hpp"
#include "collectors/ssh/poller.hpp"
#include "collectors/ssh/remote_command.hpp"

namespace kurabe::cli {

namespace {

using collectors::ssh::Poller;
using collectors::ssh::Target;

// Names of hosts are what their series are called by, so each may come once only.
Result<std::vector<Target>> parse_ssh_targets(const std::vector<std::string>& words) {
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

collectors::ssh::Settings settings_of(const CollectSshCommand& command,
                                      const Environment& environment) {
    auto settings = ssh_settings(command, environment);
    settings.deadline = std::chrono::round<std::chrono::milliseconds>(
        std::chrono::duration<double>(command.deadline));
    return settings;
}

}  // namespace

Result<void> run_collect_ssh(const CollectSshCommand& command, const Environment& environment,
                             rrdtool::Output& out) {
    if (command.prints_forced_command) {
        out.write(collectors::ssh::forced_command_options() + '\n');
        return {};
    }
    const auto targets = parse_ssh_targets(command.targets);
    if (!targets) return std::unexpected(targets.error());
    if (targets->empty()) return fail(ErrorCode::kInvalid, "name at least one [USER@]HOST[:PORT]");
    raise_open_files_limit();  // a session is a descriptor
    auto lines = LineTarget::create(command.server, environment, out);
    if (!lines) return std::unexpected(lines.error());
    ToldPolls told("ssh", *lines, environment);
    auto poller = Poller::create(
        settings_of(command, environment), environment.now,
        [&told](const Target& target, const auto& outcome) {
            told.take(target.text(), target.host, outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    const store::Seconds interval{command.interval};
    for (const Target& target : *targets) (*poller)->add(target, interval);
    if (!command.once) return poll_on(**poller, interval, environment, *lines);
    poll_once(**poller);
    return told.finish(targets->size());
}

}  // namespace kurabe::cli
