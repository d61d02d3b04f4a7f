// A series of the store as an .rrd file: one DS "n", the archive's rings as RRAs, and the open PDP
// and CDPs, so that rrdtool goes on where the store stopped. Verified by tests/differential/.
#pragma once

#include <string>
#include <string_view>

#include "store/series_copy.hpp"

namespace kurabe::store::rrd {

// The DS that every series of the store has.
inline constexpr std::string_view kSeriesSource = "n";

// The whole file. RRAs stand in Kurado's order: all of one CF, finest first, then the next CF.
[[nodiscard]] std::string series_file(const SeriesCopy& series);

}  // namespace kurabe::store::rrd
