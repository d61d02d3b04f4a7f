// Comparisons and their messages.
#include "store/range_check.hpp"

#include <fmt/format.h>

namespace kurabe::store {

Result<void> check_order(const TimeRange& range) {
    if (range.start <= range.end) return {};
    return fail(ErrorCode::kInvalid, fmt::format("start ({}) should be less than end ({})",
                                                 range.start.time_since_epoch().count(),
                                                 range.end.time_since_epoch().count()));
}

Result<void> check_range(const TimeRange& range) {
    if (range.start < kEarliestStart) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the first entry to fetch should be after 1980 ({})",
                                range.start.time_since_epoch().count()));
    }
    return check_order(range);
}

}  // namespace kurabe::store
