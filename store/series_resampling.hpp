// A series as it would be in an archive of another step or other rings: nothing that these can hold
// is lost, and nothing is interpolated.
#pragma once

#include "store/retention.hpp"
#include "store/series_copy.hpp"

namespace kurabe::store {

// A row of the result is the old row of that resolution and CF, or is folded from those of the
// coarsest ring whose rows fill it, with the new xff; unknown where neither is kept. Open CDPs and
// PDPs go on where the old rows allow it. The heartbeat stays.
[[nodiscard]] SeriesCopy resampled(const SeriesCopy& series, const Retention& retention);

}  // namespace kurabe::store
