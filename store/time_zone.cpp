// Calendars from offsets: what is the same for every back end.
#include "store/time_zone.hpp"

#include <algorithm>
#include <utility>

#include "store/calendar_format.hpp"
#include "store/zone_rules.hpp"

namespace kurabe::store {

namespace {

namespace calendar = std::chrono;

constexpr std::int64_t kSecondsPerMinute = 60;
constexpr std::int64_t kSecondsPerHour = 60 * kSecondsPerMinute;
constexpr std::int64_t kSecondsPerDay = 24 * kSecondsPerHour;
// The calendar of the standard library has 16-bit years; times beyond are shown as these.
constexpr int kYearMax = 9999;
constexpr Time kTimeMax{calendar::sys_days{calendar::year{kYearMax} / 12 / 30}};
constexpr Time kTimeMin{calendar::sys_days{calendar::year{-kYearMax} / 1 / 2}};

// The same fields in UTC.
Time as_utc(const CalendarTime& fields) {
    const std::int64_t months =
        std::int64_t{std::clamp(fields.year, -kYearMax, kYearMax)} * 12 + fields.month - 1;
    const std::int64_t year = months >= 0 ? months / 12 : (months - 11) / 12;
    const auto month = static_cast<unsigned>(months - year * 12 + 1);
    const auto clamped_year = static_cast<int>(std::clamp<std::int64_t>(year, -kYearMax, kYearMax));
    // In seconds of 64 bits: the library's days have 32.
    const Time first_day =
        calendar::sys_days{calendar::year{clamped_year} / calendar::month{month} / 1};
    return first_day + Seconds{(std::int64_t{fields.day} - 1) * kSecondsPerDay} +
           Seconds{std::int64_t{fields.hour} * kSecondsPerHour} +
           Seconds{std::int64_t{fields.minute} * kSecondsPerMinute} + Seconds{fields.second};
}

class UtcRules : public ZoneRules {
  public:
    std::string_view name() const noexcept override { return "UTC"; }
    Seconds utc_offset(Time) const override { return Seconds{0}; }
    std::string abbreviation(Time) const override { return "UTC"; }
};

}  // namespace

TimeZone::TimeZone(std::shared_ptr<const ZoneRules> rules) noexcept : rules_(std::move(rules)) {}

TimeZone TimeZone::utc() {
    return TimeZone(std::make_shared<const UtcRules>());
}

std::string_view TimeZone::name() const noexcept {
    return rules_->name();
}

Seconds TimeZone::utc_offset(Time time) const {
    return rules_->utc_offset(std::clamp(time, kTimeMin, kTimeMax));
}

CalendarTime TimeZone::to_calendar(Time time) const {
    const Time shown = std::clamp(time, kTimeMin, kTimeMax);
    const Time local = shown + utc_offset(shown);
    const auto day = std::chrono::floor<calendar::days>(local);
    const calendar::year_month_day ymd{day};
    const calendar::hh_mm_ss clock{local - day};
    return {
        .year = int{ymd.year()},
        .month = static_cast<int>(unsigned{ymd.month()}),
        .day = static_cast<int>(unsigned{ymd.day()}),
        .hour = static_cast<int>(clock.hours().count()),
        .minute = static_cast<int>(clock.minutes().count()),
        .second = static_cast<int>(clock.seconds().count()),
        .weekday = static_cast<int>(calendar::weekday{day}.c_encoding()),
        .year_day = static_cast<int>((day - calendar::sys_days{ymd.year() / 1 / 1}).count()) + 1};
}

// The offset of the day before is the one before any change near that time: it moves a skipped time
// on and takes the first of two.
Time TimeZone::to_time(const CalendarTime& fields) const {
    const Time local = as_utc(fields);
    if (local < kTimeMin || local > kTimeMax) return local;
    const Seconds before = utc_offset(local - Seconds{kSecondsPerDay});
    const Time early = local - before;
    const Seconds there = utc_offset(early);
    if (there == before) return early;
    const Time late = local - there;
    return utc_offset(late) == there ? late : early;
}

Result<std::string> TimeZone::format(std::string_view format, Time time) const {
    const Time shown = std::clamp(time, kTimeMin, kTimeMax);
    return format_calendar(format, {.time = time,
                                    .calendar = to_calendar(shown),
                                    .utc_offset = utc_offset(shown),
                                    .abbreviation = rules_->abbreviation(shown)});
}

}  // namespace kurabe::store
