// A server of the graphs of a tree of RRDtool's files, as they lie there: `kurabe serve --rrd-dir`.
#pragma once

#include <filesystem>

#include "cli/serve_core.hpp"
#include "collectors/schedule.hpp"
#include "store/result.hpp"
#include "store/rrd/tree.hpp"

namespace kurabe::cli {

// Fills the core's store, metadata and events; nothing is written. `data` may have metadata of an
// earlier run.
[[nodiscard]] Result<void> open_rrd_tree(ServeCore& core, const std::filesystem::path& directory,
                                         const std::filesystem::path& data);

// Looks for files that come and go, now and then. The core must outlive the schedule's work.
void schedule_tree_looks(collectors::Schedule& looks, ServeCore& core);

}  // namespace kurabe::cli
