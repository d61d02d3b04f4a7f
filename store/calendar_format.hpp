// strftime(3) with English names: a calendar time as text, whatever the process's locale is.
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

// kInvalid for an unknown conversion, kLimit over kFormattedTimeBytesMax.
[[nodiscard]] Result<std::string> format_calendar(std::string_view format, const ZonedTime& time);

}  // namespace kurabe::store
