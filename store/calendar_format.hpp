// Calendar times as text: strftime(3) of the C library with all its conversions, flags and widths,
// in the "C" locale whatever the process's is. What it does not know stays as it is written.
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::store {

inline constexpr std::size_t kFormattedTimeBytesMax = 1000;

// A moment as a zone shows it.
struct ZonedTime {
    Time time;
    CalendarTime calendar;
    Seconds utc_offset;
    std::string abbreviation;  // "JST"
};

// kLimit over kFormattedTimeBytesMax.
[[nodiscard]] Result<std::string> format_calendar(std::string_view format, const ZonedTime& time);

// In UTC, also of times that TimeZone does not show: to the years +-2^31. kInvalid for later ones.
[[nodiscard]] Result<std::string> format_utc(std::string_view format, Time time);

}  // namespace kurabe::store
