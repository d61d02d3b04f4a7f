// The wrapper of strftime_l. Only "%s" is written here: the C library would ask the process's zone
// for it.
#include "store/calendar_format.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <ctime>

#include <fmt/format.h>

namespace kurabe::store {

namespace {

constexpr int kYearOfTm = 1900;

std::unexpected<Error> too_long() {
    return fail(ErrorCode::kLimit,
                fmt::format("a formatted time is limited to {} bytes", kFormattedTimeBytesMax));
}

// One conversion, "%-10Es": the bytes it takes, how it pads, and its last letter.
struct Conversion {
    std::size_t size = 0;
    char padding = ' ';
    std::size_t width = 0;
    char letter = 0;
};

Conversion read_conversion(std::string_view text) {
    Conversion read;
    std::size_t i = 1;
    for (; i < text.size() && std::string_view("_-0^#").contains(text[i]); ++i) {
        if (text[i] == '0') read.padding = '0';
        if (text[i] == '_' || text[i] == '-') read.padding = ' ';
    }
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        const std::size_t width = read.width * 10 + static_cast<std::size_t>(text[i] - '0');
        read.width = std::min(width, kFormattedTimeBytesMax + 1);
    }
    if (i < text.size() && (text[i] == 'E' || text[i] == 'O')) ++i;
    if (i < text.size()) read.letter = text[i++];
    read.size = i;
    return read;
}

// `format` with every "%s" written out.
std::string with_epoch_seconds(std::string_view format, Time time) {
    std::string out;
    while (!format.empty() && out.size() <= kFormattedTimeBytesMax) {
        const std::size_t percent = std::min(format.find('%'), format.size());
        out += format.substr(0, percent);
        format.remove_prefix(percent);
        if (format.empty()) break;
        const Conversion conversion = read_conversion(format);
        if (conversion.letter == 's') {
            const std::string digits = fmt::format("{}", time.time_since_epoch().count());
            out.append(std::max(conversion.width, digits.size()) - digits.size(),
                       conversion.padding);
            out += digits;
        } else {
            out += format.substr(0, conversion.size);
        }
        format.remove_prefix(conversion.size);
    }
    return out;
}

locale_t c_locale() {
    static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
}

Result<std::string> format_fields(std::string_view format, Time time, const std::tm& fields) {
    format = format.substr(0, format.find('\0'));
    if (format.size() > kFormattedTimeBytesMax) return too_long();
    // A blank before it tells an empty text from one that is too long.
    const std::string whole = " " + with_epoch_seconds(format, time);
    std::array<char, kFormattedTimeBytesMax + 2> text{};
    const std::size_t size =
        strftime_l(text.data(), text.size(), whole.c_str(), &fields, c_locale());
    if (size == 0) return too_long();
    return std::string(text.data() + 1, size - 1);
}

}  // namespace

Result<std::string> format_calendar(std::string_view format, const ZonedTime& time) {
    const CalendarTime& calendar = time.calendar;
    const std::tm fields{.tm_sec = calendar.second,
                         .tm_min = calendar.minute,
                         .tm_hour = calendar.hour,
                         .tm_mday = calendar.day,
                         .tm_mon = calendar.month - 1,
                         .tm_year = calendar.year - kYearOfTm,
                         .tm_wday = calendar.weekday,
                         .tm_yday = calendar.year_day - 1,
                         .tm_isdst = 0,
                         .tm_gmtoff = time.utc_offset.count(),
                         .tm_zone = time.abbreviation.c_str()};
    return format_fields(format, time.time, fields);
}

Result<std::string> format_utc(std::string_view format, Time time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm fields{};
    if (::gmtime_r(&seconds, &fields) == nullptr) {
        return fail(ErrorCode::kInvalid, fmt::format("{} is beyond the calendar", seconds));
    }
    return format_fields(format, time, fields);
}

}  // namespace kurabe::store
