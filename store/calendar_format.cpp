// One function per conversion of strftime(3) that needs more than a field of the calendar; week
// numbers follow ISO 8601 (%V %G %g), the first Sunday (%U) or the first Monday (%W).
#include "store/calendar_format.hpp"

#include <array>

#include <fmt/format.h>

namespace kurabe::store {

namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::size_t kShortName = 3;

struct IsoWeek {
    int year;
    int week;
};

int days_of_year(int year) {
    return std::chrono::year(year).is_leap() ? 366 : 365;
}

int iso_weekday(const CalendarTime& calendar) {
    return calendar.weekday == 0 ? 7 : calendar.weekday;
}

// The ISO week is that of the week's Thursday.
IsoWeek iso_week(const CalendarTime& calendar) {
    const int thursday = calendar.year_day - iso_weekday(calendar) + 4;
    if (thursday < 1) {
        return {calendar.year - 1, (thursday + days_of_year(calendar.year - 1) - 1) / 7 + 1};
    }
    const int days = days_of_year(calendar.year);
    if (thursday > days) {
        return {calendar.year + 1, (thursday - days - 1) / 7 + 1};
    }
    return {calendar.year, (thursday - 1) / 7 + 1};
}

// Weeks that have begun this year, counted from the first day of the kind that starts a week.
int week_from_first(const CalendarTime& calendar, int days_into_week) {
    return (calendar.year_day + 6 - days_into_week) / 7;
}

int hour_of_twelve(int hour) {
    return hour % 12 == 0 ? 12 : hour % 12;
}

std::string offset_text(Seconds offset) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    const auto size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

// What a conversion that stands for several others is short for; empty for the others.
std::string_view composition(char conversion) {
    switch (conversion) {
        case 'T':
        case 'X':
            return "%H:%M:%S";
        case 'D':
        case 'x':
            return "%m/%d/%y";
        case 'F':
            return "%Y-%m-%d";
        case 'R':
            return "%H:%M";
        case 'c':
            return "%a %b %e %H:%M:%S %Y";
        default:
            return {};
    }
}

bool append_name(std::string& out, char conversion, const ZonedTime& time) {
    const auto weekday = kWeekdays[static_cast<std::size_t>(time.calendar.weekday)];
    const auto month = kMonths[static_cast<std::size_t>(time.calendar.month - 1)];
    switch (conversion) {
        case 'a':
            out += weekday.substr(0, kShortName);
            return true;
        case 'A':
            out += weekday;
            return true;
        case 'b':
        case 'h':
            out += month.substr(0, kShortName);
            return true;
        case 'B':
            out += month;
            return true;
        case 'p':
            out += time.calendar.hour < 12 ? "AM" : "PM";
            return true;
        case 'z':
            out += offset_text(time.utc_offset);
            return true;
        case 'Z':
            out += time.abbreviation;
            return true;
        case 'n':
            out += '\n';
            return true;
        case 't':
            out += '\t';
            return true;
        case '%':
            out += '%';
            return true;
        default:
            return false;
    }
}

// A number and how many digits it has at least.
struct Digits {
    long long number;
    int width;
    char fill = '0';
};

std::optional<Digits> date_digits(char conversion, const CalendarTime& calendar) {
    switch (conversion) {
        case 'd':
            return Digits{calendar.day, 2};
        case 'e':
            return Digits{calendar.day, 2, ' '};
        case 'g':
            return Digits{((iso_week(calendar).year % 100) + 100) % 100, 2};
        case 'G':
            return Digits{iso_week(calendar).year, 1};
        case 'j':
            return Digits{calendar.year_day, 3};
        case 'm':
            return Digits{calendar.month, 2};
        case 'u':
            return Digits{iso_weekday(calendar), 1};
        case 'U':
            return Digits{week_from_first(calendar, calendar.weekday), 2};
        case 'V':
            return Digits{iso_week(calendar).week, 2};
        case 'w':
            return Digits{calendar.weekday, 1};
        case 'W':
            return Digits{week_from_first(calendar, iso_weekday(calendar) - 1), 2};
        case 'y':
            return Digits{((calendar.year % 100) + 100) % 100, 2};
        case 'Y':
            return Digits{calendar.year, 1};
        default:
            return std::nullopt;
    }
}

std::optional<Digits> digits_of(char conversion, const ZonedTime& time) {
    switch (conversion) {
        case 'H':
            return Digits{time.calendar.hour, 2};
        case 'I':
            return Digits{hour_of_twelve(time.calendar.hour), 2};
        case 'M':
            return Digits{time.calendar.minute, 2};
        case 's':
            return Digits{time.time.time_since_epoch().count(), 1};
        case 'S':
            return Digits{time.calendar.second, 2};
        default:
            return date_digits(conversion, time.calendar);
    }
}

void append_digits(std::string& out, const Digits& digits) {
    const std::string text = fmt::format("{}", digits.number);
    for (auto missing = digits.width - static_cast<int>(text.size()); missing > 0; --missing) {
        out += digits.fill;
    }
    out += text;
}

}  // namespace

Result<std::string> format_calendar(std::string_view format, const ZonedTime& time) {
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') {
            out += format[i];
        } else if (++i == format.size()) {
            return fail(ErrorCode::kInvalid, "time format ends in a single '%'");
        } else if (const auto parts = composition(format[i]); !parts.empty()) {
            out += format_calendar(parts, time).value();
        } else if (const auto digits = digits_of(format[i], time)) {
            append_digits(out, *digits);
        } else if (!append_name(out, format[i], time)) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("unknown conversion '%{}' in time format", format[i]));
        }
        if (out.size() > kFormattedTimeBytesMax) {
            return fail(ErrorCode::kLimit, fmt::format("a formatted time is limited to {} bytes",
                                                       kFormattedTimeBytesMax));
        }
    }
    return out;
}

}  // namespace kurabe::store
