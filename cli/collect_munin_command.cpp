// `kurabe collect munin`: what munin-nodes tell, once or every minute.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "cli/open_files.hpp"
#include "cli/ssh_settings.hpp"
#include "cli/told_polls.hpp"
#include "collectors/host_port.hpp"
#include "collectors/jobs.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/munin/node.hpp"
#include "collectors/munin/ssh_command.hpp"
#include "collectors/munin/ssh_way.hpp"
#include "collectors/munin/tcp_way.hpp"
#include "collectors/report_builder.hpp"
#include "store/guarded.hpp"

namespace kurabe::cli {

namespace {

using collectors::munin::Node;

constexpr std::size_t kThreadsMax = 64;
constexpr std::string_view kMuninPlugin = "munin";
constexpr std::string_view kSshScheme = "ssh://";
constexpr store::Seconds kNever{10 * 366 * 86'400};  // until a second round, when one is all

struct MuninTarget {
    std::string host;
    std::variant<collectors::HostPort, collectors::ssh::Target> place;
};

// "HOST[:PORT]", or "ssh://[USER@]HOST[:PORT]".
Result<MuninTarget> parse_target(const std::string& word) {
    if (word.starts_with(kSshScheme)) {
        auto target = collectors::ssh::Target::parse(word.substr(kSshScheme.size()));
        if (target) return MuninTarget{.host = target->host, .place = *target};
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}; behind '{}' and without a command, which is --ssh-command",
                                target.error().message, kSshScheme));
    }
    auto target = collectors::parse_host_port(word);
    if (!target) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}': {}; write HOST or HOST:PORT, or ssh://[USER@]HOST[:PORT]",
                                word, target.error()));
    }
    target->port = target->port.value_or(collectors::munin::kPort);
    return MuninTarget{.host = target->host, .place = *target};
}

// Names of hosts are what their series are called by, so each may come once only.
Result<std::vector<MuninTarget>> parse_munin_targets(const std::vector<std::string>& words) {
    std::vector<MuninTarget> targets;
    for (const std::string& word : words) {
        auto target = parse_target(word);
        if (!target) return std::unexpected(target.error());
        if (std::ranges::find(targets, target->host, &MuninTarget::host) != targets.end()) {
            return fail(ErrorCode::kInvalid, fmt::format("'{}' comes twice", target->host));
        }
        targets.push_back(*std::move(target));
    }
    return targets;
}

// The ways to targets.
class Ways {
  public:
    // Looks at the files of SSH when there is a target that needs them.
    static Result<Ways> prepare(const std::vector<MuninTarget>& targets,
                                const CollectMuninCommand& command,
                                const Environment& environment) {
        Ways ways;
        ways.command_ = command.ssh_command;
        const bool has_ssh = std::ranges::any_of(targets, [](const MuninTarget& target) {
            return std::holds_alternative<collectors::ssh::Target>(target.place);
        });
        if (!has_ssh) return ways;
        if (auto checked = collectors::munin::check_ssh_command(ways.command_); !checked) {
            return std::unexpected(checked.error());
        }
        auto access = collectors::ssh::Access::prepare(ssh_settings(command, environment));
        if (!access) return std::unexpected(access.error());
        ways.access_ = std::make_shared<const collectors::ssh::Access>(*std::move(access));
        return ways;
    }

    [[nodiscard]] std::unique_ptr<collectors::munin::Way> to(const MuninTarget& target) const {
        if (const auto* const ssh = std::get_if<collectors::ssh::Target>(&target.place)) {
            return std::make_unique<collectors::munin::SshWay>(*ssh, command_, access_);
        }
        return std::make_unique<collectors::munin::TcpWay>(
            std::get<collectors::HostPort>(target.place));
    }

  private:
    std::string command_;
    std::shared_ptr<const collectors::ssh::Access> access_;
};

std::vector<collectors::Job> jobs_of(const std::vector<MuninTarget>& targets, const Ways& ways,
                                     const CollectMuninCommand& command,
                                     const Environment& environment) {
    std::vector<collectors::Job> jobs;
    std::random_device random;
    for (const MuninTarget& target : targets) {
        auto node = std::make_shared<Node>(
            collectors::munin::NodeSettings{
                .host = target.host,
                .plugin = std::string(kMuninPlugin),
                .service = {},
                .deadline = std::chrono::round<std::chrono::milliseconds>(
                    std::chrono::duration<double>(command.deadline))},
            ways.to(target), environment.now, random());
        jobs.push_back({.host = target.host,
                        .plugin = std::string(kMuninPlugin),
                        .interval = command.once ? kNever : store::Seconds{command.interval},
                        .run = [node](const auto& stop) { return node->poll(stop); }});
    }
    return jobs;
}

// What polls came to: lines, and one on standard error for each that failed or that a server did
// not take. Called from one thread at a time.
class Telling {
  public:
    Telling(LineTarget& lines, const Environment& environment)
        : lines_(lines), told_("munin", lines, environment) {}

    void tell(const collectors::Job& job, const Result<collectors::Report>& outcome) {
        ++ended_;
        told_.take(job.host, job.host, outcome, job.plugin);
        deliver();
    }

    [[nodiscard]] std::size_t ended() const { return ended_; }
    // False when nobody reads any more.
    [[nodiscard]] bool is_heard() const { return is_heard_; }
    // When nothing is told any more: an error when not all lines were taken, or when one of `hosts`
    // failed.
    [[nodiscard]] Result<void> finish(std::size_t hosts) {
        if (is_delivered_) return told_.finish(hosts);
        return fail(ErrorCode::kSystem, "not all lines were taken, see above");
    }

  private:
    void deliver() {
        const auto delivered = lines_.deliver();
        if (delivered) return;
        if (lines_.is_standard_output()) is_heard_ = false;
        fmt::print(stderr, "{}\n", delivered.error().message);
        is_delivered_ = false;
    }

    LineTarget& lines_;
    ToldPolls told_;
    std::atomic<std::size_t> ended_ = 0;
    std::atomic<bool> is_heard_ = true;
    std::atomic<bool> is_delivered_ = true;
};

}  // namespace

Result<void> run_collect_munin(const CollectMuninCommand& command, const Environment& environment,
                               rrdtool::Output& out) {
    const auto targets = parse_munin_targets(command.targets);
    if (!targets) return std::unexpected(targets.error());
    if (targets->empty()) return fail(ErrorCode::kInvalid, "name at least one HOST[:PORT]");
    const auto ways = Ways::prepare(*targets, command, environment);
    if (!ways) return std::unexpected(ways.error());
    raise_open_files_limit();  // a session is a descriptor, also between polls
    auto lines = LineTarget::create(command.server, environment, out);
    if (!lines) return std::unexpected(lines.error());
    Telling telling(*lines, environment);
    collectors::PollCounts counts;
    collectors::Jobs jobs(
        jobs_of(*targets, *ways, command, environment), kThreadsMax, environment.now,
        [&telling](const auto& job, const auto& outcome) { telling.tell(job, outcome); }, counts);
    jobs.start();
    constexpr std::chrono::milliseconds kBetweenLooks{20};
    while (telling.is_heard() && !(command.once && telling.ended() >= targets->size())) {
        std::this_thread::sleep_for(kBetweenLooks);
    }
    jobs.stop();
    return telling.finish(targets->size());
}

}  // namespace kurabe::cli
