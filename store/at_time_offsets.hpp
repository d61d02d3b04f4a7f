// Where the offsets of an AT-style time lead: "-1mon2d+3h" from a time or from fields of a
// calendar. Rule: measured on rrdtool 1.7.2; compared with it in tests/differential/.
#pragma once

#include <cstdint>
#include <variant>

#include "store/at_time_words.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// The sum of any number of offsets.
class AtTimeOffsets {
  public:
    // `amount` may be negative. kInvalid when it is too large in its unit; the sum of a hundred
    // others never is.
    [[nodiscard]] Result<void> add(std::int64_t amount, TimeUnit unit);

    // From a time, which the calendar is asked about only for days and more.
    [[nodiscard]] Time from(Time base, const TimeZone& zone) const;
    // From fields, which may name a day that does not exist, or an hour that a change to summer
    // time skips: offsets are added to them as they are, and the sum is carried over once.
    [[nodiscard]] Time from(CalendarTime fields, const TimeZone& zone) const;

  private:
    [[nodiscard]] bool moves_calendar() const noexcept {
        return years_ != 0 || months_ != 0 || days_ != 0;
    }

    int years_ = 0;
    int months_ = 0;
    int days_ = 0;
    std::int64_t seconds_ = 0;
};

// What offsets are counted from.
using AtTimeBase = std::variant<Time, CalendarTime>;

}  // namespace kurabe::store
