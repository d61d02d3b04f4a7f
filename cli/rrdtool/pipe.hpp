// `rrdtool -`: commands from standard input, a line each, until it ends or a line is `quit`.
// Rule: rrdtool(1), "REMOTE CONTROL"; compared with rrdtool in tests/differential/.
#pragma once

#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// After each command: what it printed, then "OK u:... s:... r:..." (seconds of user, system and
// clock time so far) or "ERROR: message". No error of a command ends the pipe. `arguments` may be
// one directory to start in. Files stay open between commands.
[[nodiscard]] Result<void> run_pipe(Words arguments, const Session& process);

}  // namespace kurabe::cli::rrdtool
