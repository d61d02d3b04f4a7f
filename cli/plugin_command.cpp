// `kurabe plugin list` and `kurabe plugin test`: what plugins there are, and what one of them
// fetches, reads and draws.
#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/loaded_plugins.hpp"
#include "collectors/exec/runner.hpp"
#include "collectors/fetch/fetcher.hpp"
#include "collectors/kurado_lines.hpp"
#include "server/collected_line.hpp"
#include "server/roll.hpp"
#include "store/ascii.hpp"
#include "store/counted.hpp"

namespace kurabe::cli {

namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::Outcome;
using collectors::fetch::Target;

constexpr std::size_t kShownLinesMax = 20;   // of an answer, and of its fields
constexpr std::size_t kShownBytesMax = 100;  // of each

// Bytes from outside for a terminal.
std::string shown(std::string_view text) {
    std::string line(text.substr(0, kShownBytesMax));
    std::ranges::replace_if(line, store::is_control, '?');
    return text.size() > kShownBytesMax ? line + "..." : line;
}

std::string line_of(const server::PluginDefinition& plugin) {
    std::string line = plugin.plugin();
    for (const auto& argument : plugin.arguments()) {
        line += ':' + argument.name;
        if (!argument.fallback.empty()) line += '(' + argument.fallback + ')';
    }
    return line;
}

void write_answer(const Outcome::Asked& asked, rrdtool::Output& out) {
    out.write("# " + asked.what + '\n');
    if (!asked.answer) {
        out.write("    " + asked.answer.error().message + '\n');
        return;
    }
    std::string_view rest = asked.answer->text;
    for (std::size_t count = 0; !rest.empty(); ++count) {
        if (count == kShownLinesMax) {
            out.write(fmt::format("    ... ({} bytes)\n", asked.answer->text.size()));
            return;
        }
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.write("    " + shown(line) + '\n');
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void write_fields(const collectors::fetch::Fields& fields, rrdtool::Output& out) {
    out.write(fmt::format("# {}\n", store::counted(fields.all().size(), "field", "fields")));
    std::size_t count = 0;
    for (const auto& [name, value] : fields.all()) {
        if (count++ == kShownLinesMax) {
            out.write("    ...\n");
            return;
        }
        out.write("    " + shown(name) + " = " + shown(value) + '\n');
    }
}

server::MetaMap meta_of(const collectors::Report& report) {
    server::MetaMap meta;
    for (const collectors::Meta& entry : report.meta) meta[entry.key] = entry.value;
    return meta;
}

// The series of a graph that were not fetched, for its line.
std::string missing_of(const server::GraphTemplate& graph, const std::set<std::string>& fetched) {
    std::string missing;
    for (const std::string& argument : graph.arguments) {
        if (!argument.starts_with("DEF:")) continue;
        const std::size_t begin = argument.find('=') + 1;
        const std::string key = argument.substr(begin, argument.find(':', begin) - begin);
        if (!fetched.contains(key)) missing += (missing.empty() ? "  without " : ", ") + key;
    }
    return missing;
}

void write_graphs(const server::PluginDefinition& definition, const collectors::Report& report,
                  const collectors::fetch::ArgumentValues& arguments, rrdtool::Output& out) {
    std::set<std::string> fetched;
    for (const store::Sample& sample : report.batch.samples) fetched.insert(sample.key);
    const server::MetaMap meta = meta_of(report);
    out.write("# graphs\n");
    for (const server::GraphGroup& group : definition.groups(meta, arguments)) {
        out.write("    " + group.label);
        for (const server::Badge& badge : group.badges) {
            out.write("  [" + badge.key + ": " + shown(badge.value) + ']');
        }
        out.write("\n");
        for (const std::string& key : group.graphs) {
            const auto graph = definition.graph(key, meta);
            if (!graph) continue;
            out.write(fmt::format("        {} ({}){}\n", key, graph->vertical_label,
                                  missing_of(*graph, fetched)));
        }
    }
}

// Of "exec:NAME": runs the program once and shows what becomes of what it prints.
Result<void> test_program(const LoadedPlugins& plugins, const server::PluginLine& line,
                          const std::string& host, const Environment& environment,
                          rrdtool::Output& out) {
    const auto command = plugins.config->commands.find(line.page_name());
    if (command == plugins.config->commands.end()) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("'commands' of the configuration has no '{}'", line.page_name()));
    }
    const auto place = plugins.config->hosts.find(host);
    const bool is_listed = place != plugins.config->hosts.end();
    const auto arguments = line.page_arguments();
    const auto runner = collectors::exec::Runner::prepare(
        command->second,
        {.host = host,
         .hostname = is_listed ? place->second.host->hostname : host,
         .plugin = line.identifier(),
         .arguments = {arguments.begin(), arguments.end()}},
        environment.now);
    if (!runner) return std::unexpected(runner.error());
    const auto report = (*runner)->run({});
    if (!report) return std::unexpected(report.error());
    out.write("# lines\n" + collectors::kurado_lines(*report));
    return {};
}

}  // namespace

Result<void> run_plugin_list(const PluginListCommand& command, rrdtool::Output& out) {
    const auto plugins = LoadedPlugins::load(command.config);
    if (!plugins) return std::unexpected(plugins.error());
    for (const auto& [name, plugin] : plugins->catalogue.all()) {
        out.write(fmt::format("{:<60} {}\n", line_of(plugin),
                              plugin.recipe() == nullptr ? "pushed by hosts" : "fetched"));
    }
    return {};
}

Result<void> run_plugin_test(const PluginTestCommand& command, const Environment& environment,
                             rrdtool::Output& out) {
    const auto plugins = LoadedPlugins::load(command.config);
    if (!plugins) return std::unexpected(plugins.error());
    const server::PluginLine line = server::parse_plugin_line(command.line);
    if (line.name == server::kExecLine && plugins->config && !line.arguments.empty()) {
        return test_program(*plugins, line, command.host, environment, out);
    }
    const auto definition = plugins->find_fetched(line);
    if (!definition) return std::unexpected(definition.error());
    Result<void> done;
    const auto tell = [&](const Target&, const Outcome& outcome) {
        for (const Outcome::Asked& asked : outcome.answers) write_answer(asked, out);
        if (!outcome.fields.all().empty()) write_fields(outcome.fields, out);
        if (!outcome.report) {
            done = std::unexpected(outcome.report.error());
            return;
        }
        out.write("# lines\n" + collectors::kurado_lines(*outcome.report));
        const auto arguments = collectors::fetch::argument_values(
            (*definition)->arguments(), line.arguments, plugins->metrics_config(command.host));
        write_graphs(**definition, *outcome.report, arguments, out);
    };
    auto fetcher = Fetcher::create(environment.now, tell, std::random_device{}());
    if (!fetcher) return std::unexpected(fetcher.error());
    (*fetcher)->add(plugins->target(**definition, line, command.host));
    (*fetcher)->begin();
    while ((*fetcher)->busy() > 0) (*fetcher)->work(std::chrono::seconds{1});
    return done;
}

}  // namespace kurabe::cli
