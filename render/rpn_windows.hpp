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

// The known ones of the `length` values that end `shift` rows before `index`, for every shift.
// What lies outside the series is left out.
void collect_shifted(std::span<const Value> values, std::int64_t index,
                     std::span<const std::int64_t> shifts, std::int64_t length,
                     std::vector<Value>& collected);

// Of what collect_shifted gave. `percent` from -100 to 100: between the two closest values, and a
// negative one the closest value. kUnknown when there is none.
[[nodiscard]] Value shifted_percentile(std::vector<Value>& collected, double percent);

}  // namespace kurabe::render
