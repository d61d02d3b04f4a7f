// CLI11 -> Command. Rules that are rrdtool's (the last of a repeated option wins, `-h` is a height
// and not help, values may begin with '-') are set here once for all commands.
#include "cli/command_line.hpp"

#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "collectors/demo_parameters.hpp"

namespace kurabe::cli {

namespace {

void describe_serve(CLI::App& command, ServeCommand& serve) {
    command.add_option("--config", serve.config, "configuration file (Kurado's YAML)")
        ->type_name("FILE")
        ->required();
    command.add_option("--data", serve.data, "data directory instead of the configuration's")
        ->type_name("DIR");
    command.add_option("--listen", serve.listen, "address and port of the pages")
        ->type_name("ADDR:PORT")
        ->capture_default_str();
}

void describe_demo(CLI::App& command, DemoCommand& demo) {
    command.add_option("DIR", demo.directory, "directory to make; must be absent or empty")
        ->required();
    command.add_option("--hosts", demo.hosts, "how many hosts")
        ->check(CLI::Range(1, collectors::kDemoHostsMax))
        ->capture_default_str();
    command.add_option("--days", demo.days, "days of history")
        ->check(CLI::Range(1, 1100))
        ->capture_default_str();
    command.add_option("--seed", demo.seed, "the same seed gives the same histories")
        ->capture_default_str();
}

// Takes "NAME VALUE" or "NAME=VALUE" out of `arguments`; the last one wins.
Result<std::optional<std::string>> take_option(std::vector<std::string>& arguments,
                                               std::string_view name) {
    std::optional<std::string> value;
    for (auto at = arguments.begin(); at != arguments.end();) {
        if (*at == name) {
            if (at + 1 == arguments.end()) {
                return fail(ErrorCode::kInvalid, std::string(name) + " needs a value");
            }
            value = *(at + 1);
            at = arguments.erase(at, at + 2);
        } else if (at->starts_with(name) && at->substr(name.size()).starts_with('=')) {
            value = at->substr(name.size() + 1);
            at = arguments.erase(at);
        } else {
            ++at;
        }
    }
    return value;
}

Result<Command> parse_graph_command(std::span<const std::string> words) {
    std::vector<std::string> arguments(words.begin(), words.end());
    GraphCommand graph;
    auto server = take_option(arguments, "--server");
    auto data = take_option(arguments, "--data");
    if (!server || !data) {
        return std::unexpected(!server ? server.error() : data.error());
    }
    const bool has_file = !arguments.empty() && !arguments.front().starts_with("DEF:") &&
                          (arguments.front() == "-" || !arguments.front().starts_with('-'));
    if (!has_file) {
        return fail(ErrorCode::kInvalid,
                    "graph: the first argument is the file to write, or '-' for standard output; "
                    "see 'kurabe graph --help'");
    }
    if (*server && *data) {
        return fail(ErrorCode::kInvalid, "graph: give --server or --data, not both");
    }
    graph.place.server = server->value_or(kDefaultServer);
    if (*data) {
        graph.place.data = **data;
    }
    graph.file = arguments.front();
    graph.arguments.assign(arguments.begin() + 1, arguments.end());
    return graph;
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n') {
            c = ' ';
        }
    }
    return text;
}

}  // namespace

Result<Command> parse_command_line(std::string_view name, std::span<const std::string> arguments) {
    if (name == "graph") return parse_graph_command(arguments);

    CLI::App app("", "kurabe");
    app.set_help_flag("--help", "print this help and exit");
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.require_subcommand(1);
    ServeCommand serve;
    DemoCommand demo;
    CLI::App* serve_app = app.add_subcommand("serve", "serve pages and graphs, collect, store");
    CLI::App* demo_app = app.add_subcommand("demo", "make a data directory of invented hosts");
    describe_serve(*serve_app, serve);
    describe_demo(*demo_app, demo);

    std::vector<std::string> words(arguments.rbegin(), arguments.rend());  // CLI11's order
    words.emplace_back(name);
    try {
        app.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        return TextCommand{app.get_subcommands().front()->help("kurabe")};
    } catch (const CLI::ParseError& error) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}; see 'kurabe {} --help'", one_line(error.what()), name));
    }
    if (serve_app->parsed()) return serve;
    return demo;
}

}  // namespace kurabe::cli
