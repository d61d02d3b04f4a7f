// Years, months, weeks and days move the calendar; hours, minutes and seconds are added to the time
// that the calendar gives.
#include "store/at_time_offsets.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace kurabe::store {

namespace {

// No offset is larger in its unit; 31 bits hold the sum of a hundred of them.
constexpr std::int64_t kCalendarMax = 500'000;
constexpr std::int64_t kSecondsMax = 400'000'000'000;

std::int64_t largest(TimeUnit unit) noexcept {
    if (unit == TimeUnit::kSecond) return kSecondsMax;
    return unit <= TimeUnit::kHour ? kSecondsMax / 3600 : kCalendarMax;
}

}  // namespace

Result<void> AtTimeOffsets::add(std::int64_t amount, TimeUnit unit) {
    if (std::abs(amount) > largest(unit)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("an offset of {} is too large", std::abs(amount)));
    }
    switch (unit) {
        case TimeUnit::kSecond:
            seconds_ += amount;
            break;
        case TimeUnit::kMinute:
            seconds_ += amount * 60;
            break;
        case TimeUnit::kHour:
            seconds_ += amount * 3600;
            break;
        case TimeUnit::kDay:
            days_ += static_cast<int>(amount);
            break;
        case TimeUnit::kWeek:
            days_ += static_cast<int>(amount) * 7;
            break;
        case TimeUnit::kMonth:
            months_ += static_cast<int>(amount);
            break;
        case TimeUnit::kYear:
            years_ += static_cast<int>(amount);
            break;
    }
    return {};
}

// The second of two equal hours is kept where the calendar is not asked.
Time AtTimeOffsets::from(Time base, const TimeZone& zone) const {
    return moves_calendar() ? from(zone.to_calendar(base), zone) : base + Seconds{seconds_};
}

Time AtTimeOffsets::from(CalendarTime fields, const TimeZone& zone) const {
    fields.year += years_;
    fields.month += months_;
    fields.day += days_;
    return zone.to_time(fields) + Seconds{seconds_};
}

}  // namespace kurabe::store
