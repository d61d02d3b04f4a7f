// What rrdtool demands of start and end before it looks for data, and of the start of a new file.
// Rule: measured on rrdtool 1.7.2, whose "1980" is ten years of 365 days after the epoch.
#pragma once

#include "store/at_time.hpp"
#include "store/result.hpp"

namespace kurabe::store {

inline constexpr Time kEarliestStart{Seconds{315'360'000}};

// kInvalid with rrdtool's message when the range begins after its end.
[[nodiscard]] Result<void> check_order(const TimeRange& range);

// As check_order, and kInvalid with the message of graph and xport when it begins too early.
[[nodiscard]] Result<void> check_range(const TimeRange& range);

}  // namespace kurabe::store
