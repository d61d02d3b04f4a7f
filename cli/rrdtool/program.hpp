// One command of the program, from its words to its effect: what rrdtool's and kurabe's mains, and
// each line of a pipe, have in common.
#pragma once

#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Runs `words`, the command first. No command, or one without arguments, prints its usage. `-` is
// left to the whole program.
[[nodiscard]] Result<void> run_program(Words words, Session& session);

}  // namespace kurabe::cli::rrdtool
