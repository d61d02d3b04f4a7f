// The commands of the whole program, each from its arguments to its effect.
#pragma once

#include "cli/command_line.hpp"
#include "cli/environment.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Draws a graph and prints its size and the texts of PRINT.
[[nodiscard]] Result<void> run_graph(const GraphCommand& command, const Environment& environment);

// Makes a data directory of invented hosts with its configuration; progress on standard error.
[[nodiscard]] Result<void> run_demo(const DemoCommand& command, const Environment& environment);

// Serves until SIGTERM, SIGINT or SIGHUP. An error of the configuration has the code kInvalid.
[[nodiscard]] Result<void> run_serve(const ServeCommand& command, const Environment& environment);

}  // namespace kurabe::cli
