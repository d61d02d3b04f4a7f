// Times that may refer to a graph's own range: "start-1w", "end-2h", and "-1w" for "start-1w".
#pragma once

#include <string_view>

#include "store/at_time.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// An AT-style time (see store/at_time.hpp); with a sign in front it counts from the range's start.
// kInvalid with rrdtool's message.
[[nodiscard]] Result<store::Time> parse_graph_time(std::string_view text,
                                                   const store::TimeRange& range, store::Time now,
                                                   const store::TimeZone& zone);

}  // namespace kurabe::render
