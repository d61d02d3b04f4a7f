// A data source of an .rrd file as a series of the store: rows go into the rings that have their
// resolution and their CF, the open PDP and CDPs go on.
//
// Nothing is interpolated: a row that fits no ring is not taken, and what is lost is said. Verified
// by tests/differential/ and tests/store/rrd/.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/series_copy.hpp"

namespace kurabe::store::rrd {

// The rings in which nothing of the file is lost, for an archive that is to be made. kUnsupported
// when no archive can have them.
[[nodiscard]] Result<Retention> retention_of(const Header& header);

struct ImportedSeries {
    SeriesCopy copy;                  // without names
    std::vector<std::string> losses;  // one line each; empty when all of the data source was taken
    // Known rows that no ring took. Those of Holt-Winters do not count: they follow from the
    // others.
    std::size_t rows_lost = 0;
};

// kUnsupported for a data source that is no series (COMPUTE, DCOUNTER, DDERIVE) or whose times or
// heartbeat the store does not know.
[[nodiscard]] Result<ImportedSeries> import_series(const Archive& archive, std::size_t source,
                                                   const Retention& rings);

}  // namespace kurabe::store::rrd
