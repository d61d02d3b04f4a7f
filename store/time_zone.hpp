// Local calendar times of a zone.
// Store and render never ask the environment for a zone, they are given one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

class ZoneRules;

// Fields of a calendar, in the manner of struct tm but with natural bases. Fields given to
// TimeZone::to_time may be out of range (month 14, day 0, second -5) and are carried over.
struct CalendarTime {
    int year = 1970;
    int month = 1;  // 1...12
    int day = 1;    // 1...31
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 4;   // 0 Sunday...6 Saturday; ignored by to_time
    int year_day = 1;  // 1...366; ignored by to_time
};

// An immutable zone; copies are cheap and share it. Thread-safe.
class TimeZone {
  public:
    // "Asia/Tokyo", "UTC"; kNotFound for a name that the tz database does not hold. Defined in the
    // library kurabe_named_zones: programs that never name a zone need no database.
    [[nodiscard]] static Result<TimeZone> locate(std::string_view name);
    // The zone of this process as the C library has it: TZ, which may also be a rule
    // ("CET-1CEST,M3.5.0,M10.5.0/3"), else /etc/localtime, else UTC. Read when first used.
    [[nodiscard]] static TimeZone system();
    [[nodiscard]] static TimeZone utc();

    explicit TimeZone(std::shared_ptr<const ZoneRules> rules) noexcept;

    [[nodiscard]] std::string_view name() const noexcept;
    [[nodiscard]] CalendarTime to_calendar(Time time) const;
    // A time that a DST change skips is moved on by the change, one that occurs twice is the first.
    [[nodiscard]] Time to_time(const CalendarTime& calendar) const;
    [[nodiscard]] Seconds utc_offset(Time time) const;
    // strftime(3) with English names, independent of the locale: see calendar_format.hpp. kLimit
    // when the result is over 1000 bytes.
    [[nodiscard]] Result<std::string> format(std::string_view format, Time time) const;

  private:
    std::shared_ptr<const ZoneRules> rules_;
};

}  // namespace kurabe::store
