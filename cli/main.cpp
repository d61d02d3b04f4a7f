// kurabe: one binary for the server and its commands. Reads the surroundings once, runs the
// command, and turns an error into one line and an exit status.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <variant>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/environment.hpp"
#include "cli/output_file.hpp"

namespace {

using kurabe::ErrorCode;
using kurabe::Result;
namespace cli = kurabe::cli;
namespace store = kurabe::store;

constexpr int kExitError = 1;
constexpr int kExitConfiguration = 2;

cli::Environment environment() {
    return {
        .now =
            [] {
                return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            },
        .zone = store::TimeZone::system(),
    };
}

struct Runner {
    Result<void> operator()(const cli::TextCommand& command) const {
        return cli::write_output("-", command.text);
    }
    Result<void> operator()(const cli::FetchCommand& command) const {
        return cli::run_fetch(command, environment());
    }
    Result<void> operator()(const cli::GraphCommand& command) const {
        return cli::run_graph(command, environment());
    }
    Result<void> operator()(const cli::DemoCommand& command) const {
        return cli::run_demo(command, environment());
    }
    Result<void> operator()(const cli::ServeCommand& command) const {
        return cli::run_serve(command, environment());
    }
};

int report(const kurabe::Error& error, int status) {
    std::fprintf(stderr, "ERROR: %s\n", error.message.c_str());
    return status;
}

int run(int argc, char** argv) {
    const auto command = cli::parse_command_line(argc, argv);
    if (!command) {
        return report(command.error(), kExitError);
    }
    const auto outcome = std::visit(Runner{}, *command);
    if (outcome) {
        return EXIT_SUCCESS;
    }
    const bool configuration = std::holds_alternative<cli::ServeCommand>(*command) &&
                               outcome.error().code == ErrorCode::kInvalid;
    return report(outcome.error(), configuration ? kExitConfiguration : kExitError);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& exception) {  // out of memory, and what a library throws
        std::fprintf(stderr, "ERROR: %s\n", exception.what());
        return kExitError;
    }
}
