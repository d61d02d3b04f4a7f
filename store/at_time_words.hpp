// The words of AT-style times and what they stand for. All are lower case; nothing for others.
#pragma once

#include <optional>
#include <string_view>

namespace kurabe::store {

enum class TimeUnit { kSecond, kMinute, kHour, kDay, kWeek, kMonth, kYear };

// "noon": the hour.
[[nodiscard]] std::optional<int> clock_word(std::string_view word);
// "jan", "january": 1...12.
[[nodiscard]] std::optional<int> month_word(std::string_view word);
// "sun", "sunday": 0...6.
[[nodiscard]] std::optional<int> weekday_word(std::string_view word);
// "yesterday", "today", "tomorrow": days from today.
[[nodiscard]] std::optional<int> relative_day_word(std::string_view word);
// "d", "day", "days"; not "m", which depends on what stands before it.
[[nodiscard]] std::optional<TimeUnit> unit_word(std::string_view word);

}  // namespace kurabe::store
