// `kurabe collect plugin`: what a plugin fetches from services of hosts, once or every minute.
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/loaded_plugins.hpp"
#include "cli/open_files.hpp"
#include "collectors/fetch/fetcher.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/rounds.hpp"
#include "server/roll.hpp"

namespace kurabe::cli {

namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::Outcome;
using collectors::fetch::Target;

// What fetches came to: lines on standard output, and one on standard error for each that failed.
class Telling {
  public:
    Telling(rrdtool::Output& out, const Environment& environment)
        : out_(out), environment_(environment) {}

    void operator()(const Target& target, const Outcome& outcome) {
        if (outcome.report) {
            out_.write(collectors::kurado_lines(*outcome.report));
            return;
        }
        ++failed_;
        const std::string& reason = outcome.report.error().message;
        fmt::print(stderr, "{}: {}\n", target.host, reason);
        out_.write(collectors::kurado_lines(collectors::fetch::failure_report(
            target.host, target.plugin, reason, environment_.now())));
    }
    [[nodiscard]] std::size_t failed() const { return failed_; }

  private:
    rrdtool::Output& out_;
    const Environment& environment_;
    std::size_t failed_ = 0;
};

// Until something ends the process, or nobody reads what it prints.
Result<void> go_on(Fetcher& fetcher, const CollectPluginCommand& command,
                   const Environment& environment, rrdtool::Output& out) {
    Result<void> flushed;
    const auto goes_on = [&] {
        if (fetcher.busy() == 0) flushed = out.flush();
        return flushed.has_value();
    };
    collectors::PollCounts counts;
    collectors::run_rounds(fetcher, store::Seconds{command.interval}, environment.now, goes_on,
                           counts);
    return flushed;
}

}  // namespace

Result<void> run_collect_plugin(const CollectPluginCommand& command, const Environment& environment,
                                rrdtool::Output& out) {
    const auto plugins = LoadedPlugins::load(command.config);
    if (!plugins) return std::unexpected(plugins.error());
    const server::PluginLine line = server::parse_plugin_line(command.line);
    const auto definition = plugins->find_fetched(line);
    if (!definition) return std::unexpected(definition.error());
    raise_open_files_limit();  // a fetch is a descriptor
    Telling telling(out, environment);
    auto fetcher = Fetcher::create(environment.now, std::ref(telling), std::random_device{}(),
                                   std::chrono::round<std::chrono::milliseconds>(
                                       std::chrono::duration<double>(command.deadline)));
    if (!fetcher) return std::unexpected(fetcher.error());
    for (const std::string& host : command.hosts) {
        (*fetcher)->add(plugins->target(**definition, line, host));
    }
    if (!command.once) return go_on(**fetcher, command, environment, out);
    (*fetcher)->begin();
    while ((*fetcher)->busy() > 0) (*fetcher)->work(std::chrono::seconds{1});
    if (telling.failed() == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} hosts failed", telling.failed(), command.hosts.size()));
}

}  // namespace kurabe::cli
