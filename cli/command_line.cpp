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
