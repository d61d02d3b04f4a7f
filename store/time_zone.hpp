// Local calendar times of a named zone, from the system's tz database.
// The one wrapper of Howard Hinnant's date library: store and render never ask the environment for
// a zone, they are given one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

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
    // "Asia/Tokyo", "UTC"; kNotFound for a name that the tz database does not hold.
    [[nodiscard]] static Result<TimeZone> locate(std::string_view name);
    // The zone of this machine (/etc/localtime); UTC when there is none.
    [[nodiscard]] static TimeZone system();
    [[nodiscard]] static TimeZone utc();

    [[nodiscard]] std::string_view name() const noexcept;
    [[nodiscard]] CalendarTime to_calendar(Time time) const;
    // A time that a DST change skips is moved on by the change, one that occurs twice is the first.
    [[nodiscard]] Time to_time(const CalendarTime& calendar) const;
    [[nodiscard]] Seconds utc_offset(Time time) const;
    // strftime(3) with English names, independent of the locale. kInvalid for an unknown
    // conversion, kLimit when the result is over 1000 bytes.
    [[nodiscard]] Result<std::string> format(std::string_view format, Time time) const;

  private:
    struct Zone;
    explicit TimeZone(std::shared_ptr<const Zone> zone);
    std::shared_ptr<const Zone> zone_;
};

}  // namespace kurabe::store
