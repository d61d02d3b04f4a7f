// The wrapper of Howard Hinnant's date library: it reads the system's tz database once per process
// and keeps every zone for the process's life, so a zone here is a pointer into it.
// UTC works without any database. The library reads the listed changes of a zone, which reach to
// 2037, but not the rule for later years: from then on a zone keeps its last offset.
#include "store/time_zone.hpp"

#include <algorithm>
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

#include "store/calendar_format.hpp"

namespace kurabe::store {

namespace {

constexpr std::string_view kUtc = "UTC";
constexpr std::size_t kZoneNameBytesMax = 200;
constexpr std::int64_t kSecondsPerMinute = 60;
constexpr std::int64_t kSecondsPerHour = 60 * kSecondsPerMinute;
constexpr std::int64_t kSecondsPerDay = 24 * kSecondsPerHour;
// The calendar that the library computes with has 16-bit years; times beyond are shown as these.
constexpr int kYearMax = 9999;
constexpr Time kTimeMax{date::sys_days{date::year{kYearMax} / 12 / 30}};
constexpr Time kTimeMin{date::sys_days{date::year{-kYearMax} / 1 / 2}};

date::local_seconds local_of(const CalendarTime& calendar) {
    const std::int64_t months =
        std::int64_t{std::clamp(calendar.year, -kYearMax, kYearMax)} * 12 + calendar.month - 1;
    const std::int64_t year = months >= 0 ? months / 12 : (months - 11) / 12;
    const auto month = static_cast<unsigned>(months - year * 12 + 1);
    const auto clamped_year = static_cast<int>(std::clamp<std::int64_t>(year, -kYearMax, kYearMax));
    // In seconds of 64 bits: the library's days have 32.
    const date::local_seconds first_day =
        date::local_days{date::year{clamped_year} / date::month{month} / 1};
    return first_day + Seconds{(std::int64_t{calendar.day} - 1) * kSecondsPerDay} +
           Seconds{std::int64_t{calendar.hour} * kSecondsPerHour} +
           Seconds{std::int64_t{calendar.minute} * kSecondsPerMinute} + Seconds{calendar.second};
}

}  // namespace

struct TimeZone::Zone {
    std::string name;
    const date::time_zone* rules;  // owned by the library; none = UTC

    [[nodiscard]] date::sys_info info(Time time) const {
        if (rules == nullptr) {
            return {kTimeMin, kTimeMax, Seconds{0}, std::chrono::minutes{0}, std::string(kUtc)};
        }
        return rules->get_info(std::clamp(time, kTimeMin, kTimeMax));
    }
};

TimeZone::TimeZone(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}

Result<TimeZone> TimeZone::locate(std::string_view name) {
    if (name == kUtc) {
        return utc();
    }
    if (name.size() > kZoneNameBytesMax) {
        return fail(ErrorCode::kNotFound, "no time zone has so long a name");
    }
    try {
        const date::time_zone* rules = date::locate_zone(std::string(name));
        return TimeZone(std::make_shared<const Zone>(Zone{std::string(name), rules}));
    } catch (const std::exception&) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("no time zone '{}' in this system's tz database; names look like "
                                "Asia/Tokyo",
                                name));
    }
}

TimeZone TimeZone::system() {
    try {
        const date::time_zone* rules = date::current_zone();
        return TimeZone(std::make_shared<const Zone>(Zone{std::string(rules->name()), rules}));
    } catch (const std::exception&) {
        return utc();
    }
}

TimeZone TimeZone::utc() {
    return TimeZone(std::make_shared<const Zone>(Zone{std::string(kUtc), nullptr}));
}

std::string_view TimeZone::name() const noexcept {
    return zone_->name;
}

Seconds TimeZone::utc_offset(Time time) const {
    return zone_->info(time).offset;
}

CalendarTime TimeZone::to_calendar(Time time) const {
    const Time shown = std::clamp(time, kTimeMin, kTimeMax);
    const Time local = shown + utc_offset(shown);
    const auto day = std::chrono::floor<date::days>(local);
    const date::year_month_day ymd{day};
    const date::hh_mm_ss clock{local - day};
    return {.year = int{ymd.year()},
            .month = static_cast<int>(unsigned{ymd.month()}),
            .day = static_cast<int>(unsigned{ymd.day()}),
            .hour = static_cast<int>(clock.hours().count()),
            .minute = static_cast<int>(clock.minutes().count()),
            .second = static_cast<int>(clock.seconds().count()),
            .weekday = static_cast<int>(date::weekday{day}.c_encoding()),
            .year_day = static_cast<int>((day - date::sys_days{ymd.year() / 1 / 1}).count()) + 1};
}

Time TimeZone::to_time(const CalendarTime& calendar) const {
    const date::local_seconds local = local_of(calendar);
    const Time as_utc{local.time_since_epoch()};
    if (zone_->rules == nullptr || as_utc < kTimeMin || as_utc > kTimeMax) {
        return as_utc;
    }
    // The offset before a change moves a skipped time on and takes the first of two.
    return as_utc - zone_->rules->get_info(local).first.offset;
}

Result<std::string> TimeZone::format(std::string_view format, Time time) const {
    const date::sys_info info = zone_->info(time);
    return format_calendar(format, {.time = time,
                                    .calendar = to_calendar(time),
                                    .utc_offset = info.offset,
                                    .abbreviation = info.abbrev});
}

}  // namespace kurabe::store
