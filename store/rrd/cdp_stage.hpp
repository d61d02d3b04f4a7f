// The CDP stage of an update: closed PDPs go into the open CDPs of all RRAs, and the rows that they
// close become writes.
// Rule: rrdcreate(1), RRA; compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include "store/rrd/archive.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/pdp_stage.hpp"
#include "store/rrd/season_rows.hpp"
#include "store/rrd/update_plan.hpp"

namespace kurabe::store::rrd {

// Adds `closed` to the CDPs of `state`, moves its current rows on, and adds the closed rows to
// `rows`: RRA by RRA, oldest first. `seasons` are what Holt-Winters RRAs look ahead to. True when a
// season has come to where it is smoothed.
[[nodiscard]] bool close_rows(const UpdatePlan& plan, const ClosedPdps& closed,
                              const SeasonRows& seasons, Header& state, RowWrites& rows);

}  // namespace kurabe::store::rrd
