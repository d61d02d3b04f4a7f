// Base metrics first, so that no plugin delays them.
#include "cli/agent_collecting.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/agent/plugin_output.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/local.hpp"
#include "collectors/schedule.hpp"

namespace kurabe::cli {

namespace {

using collectors::Report;
using collectors::agent::CommandOutcome;
using collectors::agent::Plugin;

constexpr std::chrono::milliseconds kPluginDeadlineMax{30'000};
constexpr std::size_t kBatchBytes = 1 << 20;  // of plugins together
// Processes that cannot be ended: with so many of them plugins are not run.
constexpr std::size_t kStraysMax = 16;

Report report_of(const Plugin& plugin, const CommandOutcome& outcome, const std::string& host,
                 store::Time now) {
    Report report = collectors::agent::read_plugin_output(outcome.output, plugin.name, host, now);
    if (outcome.failure) {
        report.warnings.push_back(
            {plugin.name, "command",
             fmt::format("failed to exec plugin:{}: {}", plugin.name, *outcome.failure)});
    }
    return report;
}

}  // namespace

AgentCollecting::AgentCollecting(AgentSettings settings, const Environment& environment,
                                 server::Log& log, Give give)
    : settings_(std::move(settings)),
      environment_(environment),
      log_(log),
      give_(std::move(give)) {}

store::Time AgentCollecting::next_tick(store::Time now) const {
    return collectors::next_tick(now - settings_.offset, settings_.interval) + settings_.offset;
}

std::size_t AgentCollecting::count_plugins() {
    return settings_.conf_d ? plugins().size() : 0;
}

void AgentCollecting::collect(const std::string& host, const std::atomic<bool>& stop) {
    give_(collectors::kurado_lines(collectors::collect_local("/", host, environment_.now())));
    if (settings_.conf_d) run_plugins(host, stop);
}

void AgentCollecting::run_plugins(const std::string& host, const std::atomic<bool>& stop) {
    const std::vector<Plugin> all = plugins();
    if (all.empty()) return;
    if (const std::size_t strays = collectors::agent::end_strays(); strays >= kStraysMax) {
        log_.error("plugins are not run: their processes cannot be ended",
                   {{"processes", std::to_string(strays)}});
        return;
    }
    std::vector<std::string> commands;
    for (const Plugin& plugin : all) commands.push_back(plugin.command);
    const collectors::agent::CommandLimits limits{
        .deadline = std::min<std::chrono::milliseconds>(
            kPluginDeadlineMax, std::chrono::milliseconds(settings_.interval) * 3 / 4)};
    const auto outcomes = collectors::agent::run_commands(commands, limits, stop);
    static_cast<void>(collectors::agent::end_strays());
    if (stop) return;
    tell(all, outcomes);
    const store::Time now = environment_.now();
    std::string lines;
    for (std::size_t i = 0; i < all.size(); ++i) {
        lines += collectors::kurado_lines(report_of(all[i], outcomes[i], host, now));
        if (lines.size() >= kBatchBytes) give_(std::exchange(lines, {}));
    }
    give_(std::move(lines));
}

// The log has when a plugin begins to fail and when it no longer does.
void AgentCollecting::tell(const std::vector<Plugin>& plugins,
                           const std::vector<CommandOutcome>& outcomes) {
    std::set<std::pair<std::string, std::string>> failing;
    for (std::size_t i = 0; i < plugins.size(); ++i) {
        const Plugin& plugin = plugins[i];
        const std::pair who{plugin.name, plugin.command};
        const auto& failure = outcomes[i].failure;
        if (failure && !failing_.contains(who)) {
            log_.warning("plugin fails", {{"plugin", plugin.name}, {"reason", *failure}});
        } else if (!failure && failing_.contains(who)) {
            log_.info("plugin works again", {{"plugin", plugin.name}});
        }
        if (failure) failing.insert(who);
    }
    failing_ = std::move(failing);
}

// Read again at every tick, so that a changed file counts from the next one on.
std::vector<Plugin> AgentCollecting::plugins() {
    auto files = collectors::agent::read_plugin_files(*settings_.conf_d);
    std::set<std::string> present;
    for (const std::string& complaint : files.complaints) {
        if (!told_.contains(complaint)) log_.warning("plugins", {{"reason", complaint}});
        present.insert(complaint);
    }
    told_ = std::move(present);
    return std::move(files.plugins);
}

}  // namespace kurabe::cli
