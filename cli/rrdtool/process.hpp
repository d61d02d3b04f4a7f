// A process of the program: its surroundings are read once here and passed down.
#pragma once

#include "cli/rrdtool/carried_pipe.hpp"
#include "cli/rrdtool/whole_program.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Runs what argv says and flushes standard output; a pipe goes on with `carried`. Errors are for
// the caller to report.
[[nodiscard]] Result<void> run_process(int argc, const char* const* argv, WholeProgram& whole,
                                       const CarriedPipe& carried = {});

}  // namespace kurabe::cli::rrdtool
