// rrdtool's AT-style time grammar: "now-1h", "end-1w", "noon yesterday", "20260101 10:00", epochs.
// Rule: rrdfetch(1), "AT-STYLE TIME SPECIFICATION"; compared with rrdtool in tests/differential/.
#pragma once

#include <string_view>

#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::store {

struct TimeRange {
    Time start;
    Time end;
};

// One time. kInvalid with rrdtool's message; kUnsupported when it refers to start or end.
[[nodiscard]] Result<Time> parse_time(std::string_view text, Time now, const TimeZone& zone);

// Start and end, of which either may refer to the other ("end-1d"). kInvalid as above, also when
// both refer to each other. Does not check start < end.
[[nodiscard]] Result<TimeRange> parse_time_range(std::string_view start, std::string_view end,
                                                 Time now, const TimeZone& zone);

}  // namespace kurabe::store
