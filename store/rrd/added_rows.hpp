// Rows and open CDPs that `tune` adds to a file, from the other rows of the same file.
// Rule: rrdtune(1) promises that data is kept; what an added row is made of was measured on rrdtool
// 1.7.2, its edges included (tests/differential/). `create --source` has another rule
// (row_sources.hpp).
#pragma once

#include <cstddef>
#include <span>

#include "store/rrd/header.hpp"
#include "store/rrd/records.hpp"
#include "store/rrd/ring.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// The RRAs that rows of that CF can be made of: of the same CF or averages. In the order of
// preference: fine ones first, of those the longest.
using AddedRowSources = std::span<const Ring* const>;

struct AddedRow {
    RraCf cf = RraCf::kAverage;
    Seconds resolution{1};
    Time end{};
};

// From the first candidate that knows anything of the row's interval; unknown for the Holt-Winters
// family.
[[nodiscard]] Value added_row(AddedRowSources candidates, const AddedRow& row, std::size_t source);

// The open CDP of a new RRA at `last_update`, as far as candidates know what it is made of.
// `beginning` when none does.
[[nodiscard]] CdpRecord added_cdp(AddedRowSources candidates, const AddedRow& newest,
                                  std::size_t source, Time last_update, const CdpRecord& beginning);

}  // namespace kurabe::store::rrd
