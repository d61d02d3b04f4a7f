// One series apart from any file: its rows, and all that its next rows depend on. What an export
// takes out of a host archive and an import puts into one.
#pragma once

#include <vector>

#include "store/column.hpp"
#include "store/retention.hpp"
#include "store/types.hpp"

namespace kurabe::store {

struct SeriesCopy {
    Retention retention;  // of the archive that it is from or for
    Column column;
    // By ring, then plane: one value per row of the ring, oldest first. The last row is the one
    // that ended last at column.last_time. Unknown where nothing was kept.
    std::vector<std::vector<Value>> planes;
};

// How many planes a ring has: a ring of one PDP per row has one for all its CFs.
[[nodiscard]] inline std::size_t plane_count(const RingShape& ring) noexcept {
    return ring.pdp_per_row == 1 ? 1 : ring.cfs.size();
}

}  // namespace kurabe::store
