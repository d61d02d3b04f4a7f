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

// What fetches came to: lines on standard output, and one on standard error for each that failed.
class Telling {
  public:
    Telling(LineTarget& lines, const Environment& environment)
        : lines_(lines), environment_(environment) {}

    void operator()(const Target& target, const Outcome& outcome) {
        if (outcome.report) {
            lines_.add(collectors::kurado_lines(*outcome.report));
            return;
        }
        ++failed_;
        const std::string& reason = outcome.report.error().message;
        fmt::print(stderr, "{}: {}\n", target.host, reason);
        lines_.add(collectors::kurado_lines(collectors::fetch::failure_report(
            target.host, target.plugin, reason, environment_.now())));
    }
    [[nodiscard]] std::size_t failed() const { return failed_; }

  private:
    LineTarget& lines_;
    const Environment& environment_;
    std::size_t failed_ = 0;
};

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
    Telling telling(*lines, environment);
    auto fetcher = Fetcher::create(environment.now, std::ref(telling), std::random_device{}(),
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
    if (auto delivered = lines->deliver(); !delivered) return delivered;
    if (telling.failed() == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} hosts failed", telling.failed(), command.hosts.size()));
}

}  // namespace kurabe::cli
