// CLI11 -> Command. Rules that are rrdtool's (the last of a repeated option wins, `-h` is a height
// and not help, values may begin with '-') are set here once for all commands.
#include "cli/command_line.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "collectors/demo_parameters.hpp"

namespace kurabe::cli {

namespace {

constexpr const char* kVersion = KURABE_VERSION;

constexpr std::array<std::string_view, 4> kCommands = {"serve", "demo", "fetch", "graph"};

constexpr const char* kGraphUsage =
    "Usage: kurabe graph FILE|- [--server URL | --data DIR] [options] elements...\n"
    "\n"
    "Draws a PNG from series of the store; options and elements are rrdtool's graph language:\n"
    "  kurabe graph load.png -s -1d -w 420 -t 'Load' \\\n"
    "      DEF:load=10.0.0.1/base/loadavg-1.gauge:n:AVERAGE LINE1:load#00C000:'Load average'\n"
    "\n"
    "FILE '-' writes the picture to standard output. Otherwise its size and the texts of PRINT\n"
    "are printed, as rrdtool does.\n"
    "  --server URL   a running server (default http://127.0.0.1:5434)\n"
    "  --data DIR     a data directory that no server is using\n";

void add_place_options(CLI::App& command, SeriesPlace& place) {
    CLI::Option* const server =
        command.add_option("--server", place.server, "URL of a running server")
            ->type_name("URL")
            ->capture_default_str();
    command.add_option("--data", place.data, "a data directory that no server is using")
        ->type_name("DIR")
        ->excludes(server);
}

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

void describe_fetch(CLI::App& command, FetchCommand& fetch) {
    command.add_option("SERIES", fetch.series, "HOST/PLUGIN/KEY")->required();
    command.add_option("CF", fetch.cf, "AVERAGE, MIN, MAX or LAST")->required();
    command.add_option("-s,--start", fetch.start, "AT-style time")->capture_default_str();
    command.add_option("-e,--end", fetch.end, "AT-style time")->capture_default_str();
    command.add_option("-r,--resolution", fetch.resolution, "wished seconds per row (300, 5m, 1h)")
        ->capture_default_str();
    command.add_flag("-a,--align-start", fetch.align_start,
                     "round start and end down to the resolution");
    add_place_options(command, fetch.place);
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

Result<Command> graph_command(std::vector<std::string> arguments) {
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

Result<Command> parse_command_line(int argc, const char* const* argv) {
    const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
    if (words.empty()) {
        return parse_command_line(2, std::vector<const char*>{"kurabe", "--help"}.data());
    }
    if (words.front() == "graph") {
        std::vector<std::string> arguments(words.begin() + 1, words.end());
        if (arguments.empty() || arguments.front() == "--help") {
            return TextCommand{kGraphUsage};
        }
        return graph_command(std::move(arguments));
    }

    if (!words.front().starts_with('-') &&
        std::ranges::find(kCommands, words.front()) == kCommands.end()) {
        return fail(ErrorCode::kInvalid,
                    "unknown command '" + std::string(words.front()) + "'; see 'kurabe --help'");
    }

    CLI::App app("A fixed-size time-series store and a server of PNG graphs.", "kurabe");
    app.set_help_flag("--help", "print this help and exit");
    app.set_version_flag("--version", std::string("kurabe ") + kVersion);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.require_subcommand(1);

    ServeCommand serve;
    DemoCommand demo;
    FetchCommand fetch;
    CLI::App* serve_app = app.add_subcommand("serve", "serve pages and graphs, collect, store");
    CLI::App* demo_app = app.add_subcommand("demo", "make a data directory of invented hosts");
    CLI::App* fetch_app = app.add_subcommand("fetch", "print the rows of a series");
    app.add_subcommand("graph", "draw a graph of series to a file");
    describe_serve(*serve_app, serve);
    describe_demo(*demo_app, demo);
    describe_fetch(*fetch_app, fetch);

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForVersion& version) {
        return TextCommand{std::string(version.what()) + "\n"};
    } catch (const CLI::CallForHelp&) {
        for (const CLI::App* command : app.get_subcommands()) {
            return TextCommand{command->help("kurabe")};
        }
        return TextCommand{app.help()};
    } catch (const CLI::ParseError& error) {
        return fail(ErrorCode::kInvalid, one_line(error.what()) + "; see 'kurabe --help'");
    }
    if (serve_app->parsed()) {
        return serve;
    }
    if (demo_app->parsed()) {
        return demo;
    }
    return fetch;
}

}  // namespace kurabe::cli
