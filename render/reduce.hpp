// Folding rows of a series into longer ones, when a pixel is wider than a row.
// Rule: rrdgraph_data(1), "If consolidation needs to be done"; compared with rrdtool 1.7.2.
#pragma once

#include "store/fetch.hpp"
#include "store/types.hpp"

namespace kurabe::render {

// Rows of at least `step`: the fewest whole rows that reach it, on a grid of that length. Unknown
// values do not weigh in; groups that the series does not fill at its ends are unknown. The series
// itself when its rows are long enough.
[[nodiscard]] store::FetchedSeries reduce_rows(store::FetchedSeries series, store::Seconds step,
                                               store::Cf cf);

}  // namespace kurabe::render
