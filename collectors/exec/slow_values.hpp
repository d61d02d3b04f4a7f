// Values of programs that run seldom: series keep a step of a minute, in which each has to be
// known. Rule: docs/collectors.md, "Programs".
#pragma once

#include "collectors/munin/gathering.hpp"
#include "collectors/report.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::exec {

// Puts between a series' last value (of `memory`, which then has the new one) and the next what
// munin::filled() says of one that comes every `rate`. At most munin::kPollSamplesMax samples; what
// is behind them stays as it is. Samples end in order of time.
void fill_slow_values(store::Batch& batch, munin::SeriesMemory& memory, store::Seconds rate,
                      store::Time now);

}  // namespace kurabe::collectors::exec
