// rrdtool's durations: a count with an optional unit, such as "300", "5m", "1d".
// Rule: rrdcreate(1), "STEP, HEARTBEAT, and Rows As Durations"; M is 31 days and y 366 days.
#pragma once

#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// Seconds of `text`, at least one. kInvalid with rrdtool's message for anything else, also when the
// value does not fit.
[[nodiscard]] Result<Seconds> parse_duration(std::string_view text);

}  // namespace kurabe::store
