// rrdtool's commands, each from the words after its name to what it prints and changes.
// Rule: the manual page of each, rrdcreate(1)...; differences: docs/rrdtool-differences.md.
// An error is one line for "ERROR: "; what was printed before it stays printed.
#pragma once

#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

[[nodiscard]] Result<void> run_create(Words arguments, Session& session);
[[nodiscard]] Result<void> run_dump(Words arguments, Session& session);
[[nodiscard]] Result<void> run_fetch(Words arguments, Session& session);
[[nodiscard]] Result<void> run_first(Words arguments, Session& session);
[[nodiscard]] Result<void> run_flushcached(Words arguments, Session& session);
[[nodiscard]] Result<void> run_info(Words arguments, Session& session);
[[nodiscard]] Result<void> run_last(Words arguments, Session& session);
[[nodiscard]] Result<void> run_lastupdate(Words arguments, Session& session);
[[nodiscard]] Result<void> run_list(Words arguments, Session& session);
[[nodiscard]] Result<void> run_resize(Words arguments, Session& session);
[[nodiscard]] Result<void> run_restore(Words arguments, Session& session);
[[nodiscard]] Result<void> run_tune(Words arguments, Session& session);
[[nodiscard]] Result<void> run_update(Words arguments, Session& session);
[[nodiscard]] Result<void> run_updatev(Words arguments, Session& session);

}  // namespace kurabe::cli::rrdtool
