// One row of a new file from rows of other lengths: each second takes the value of the first
// candidate that knows it.
// Rule: rrdcreate(1), --source; order of operations and what counts as known as measured on rrdtool
// 1.7.2 (tests/differential/).
#pragma once

#include <cstddef>
#include <span>

#include "store/rrd/header.hpp"
#include "store/rrd/ring.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// A data source in an RRA of an existing file.
struct RowSource {
    std::size_t file;
    std::size_t rra;
    std::size_t source;
    const Ring* ring;
};

struct RowRule {
    RraCf cf = RraCf::kAverage;  // the Holt-Winters family sums shares up, as rrdtool does
    double xff = 0;  // share of the row that may be unknown; exactly that share is too much
    Seconds resolution{1};
};

// The value of the row that ends at `end`. A candidate that does not hold rows for the whole
// interval is passed over, and so is one all of whose rows the interval takes, from the oldest to
// the newest.
[[nodiscard]] Value row_from(std::span<const RowSource> candidates, const RowRule& rule, Time end);

}  // namespace kurabe::store::rrd
