// rrdtool's durations: a count with an optional unit, such as "300", "5m", "1d".
// Rule: rrdcreate(1), "STEP, HEARTBEAT, and Rows As Durations"; M is 31 days and y 366 days.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// Seconds of `text`, at least one. kInvalid with rrdtool's message for anything else, also when the
// value does not fit.
[[nodiscard]] Result<Seconds> parse_duration(std::string_view text);

// A count of things that last `unit` each, at least one: "12" is twelve of them, "1h" as many as
// fill an hour, which must be a whole number. What follows the unit's letter is ignored, as in
// rrdtool. kInvalid with rrdtool's message, which does not repeat the text.
[[nodiscard]] Result<std::uint64_t> parse_scaled_duration(std::string_view text, Seconds unit);

}  // namespace kurabe::store
