// A process of the program: its surroundings are read once here and passed down.
#pragma once

#include "cli/rrdtool/whole_program.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Runs what argv says and flushes standard output. Errors are for the caller to report.
[[nodiscard]] Result<void> run_process(int argc, const char* const* argv, WholeProgram& whole);

}  // namespace kurabe::cli::rrdtool
