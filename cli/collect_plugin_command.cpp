// `kurabe collect plugin`: what a plugin fetches from services of hosts, once or every minute.
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "cli/loaded_plugins.hpp"
#include "cli/open_files.hpp"
#include "cli/told_polls.hpp"
#include "collectors/fetch/fetcher.hpp"
#include "collectors/kurado_lines.hpp"
#include "server/roll.hpp"

namespace kurabe::cli {

namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::Outcome;
using collectors::fetch::Target;

}  // namespace

Result<void> run_collect_plugin(const CollectPluginCommand& command, const Environment& environment,
                                rrdtool::Output& out) {
    const auto plugins = LoadedPlugins::load(command.config);
    if (!plugins) return std::unexpected(plugins.error());
    const server::PluginLine line = server::parse_plugin_line(command.line);
    const auto definition = plugins->find_fetched(line);
    if (!definition) return std::unexpected(definition.error());
    raise_open_files_limit();  // a fetch is a descriptor
    auto lines = LineTarget::create(command.server, environment, out);
    if (!lines) return std::unexpected(lines.error());
    ToldPolls told(collectors::fetch::kFailureWarning, *lines, environment);
    auto fetcher = Fetcher::create(
        environment.now,
        [&told](const Target& target, const Outcome& outcome) {
            told.take(target.host, target.host, outcome.report, target.plugin);
        },
        std::random_device{}(),
        std::chrono::round<std::chrono::milliseconds>(
            std::chrono::duration<double>(command.deadline)));
    if (!fetcher) return std::unexpected(fetcher.error());
    for (const std::string& host : command.hosts) {
        (*fetcher)->add(plugins->target(**definition, line, host));
    }
    if (!command.once) {
        return poll_on(**fetcher, store::Seconds{command.interval}, environment, *lines);
    }
    poll_once(**fetcher);
    return told.finish(command.hosts.size());
}

}  // namespace kurabe::cli
