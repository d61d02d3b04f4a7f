// The operators of RPN that look back over a variable's own rows: TREND, PREDICT and their kin.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/types.hpp"

namespace kurabe::render {

using store::Value;

// Mean of the `length` (>= 1) values that end with values[index]; kUnknown when the series began
// later. An unknown one makes it unknown, or with `skip_unknown` does not weigh in.
[[nodiscard]] Value trailing_mean(std::span<const Value> values, std::size_t index,
                                  std::size_t length, bool skip_unknown);

// A window that a shift moves back. Measured on rrdtool 1.7.2: rows are counted back from `origin`,
// which is one row after the current one, and as if the series began with the first row computed.
struct ShiftedWindow {
    std::int64_t origin;    // index of the row at shift 0
    std::int64_t back_max;  // rows from here on back are left out
    std::int64_t length;    // rows
};

// The known values of the window at every shift; what lies outside the series is left out.
void collect_shifted(std::span<const Value> values, const ShiftedWindow& window,
                     std::span<const std::int64_t> shifts, std::vector<Value>& collected);

// Of what collect_shifted gave. `percent` from -100 to 100: between the two closest values, and a
// negative one the closest value. kUnknown for others, and when there is no value.
[[nodiscard]] Value shifted_percentile(std::vector<Value>& collected, double percent);

}  // namespace kurabe::render
