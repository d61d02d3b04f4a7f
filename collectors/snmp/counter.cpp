// A counter that is less than it was has wrapped or begun anew; one of 32 bits that can have come
// all the way round says nothing.
#include "collectors/snmp/counter.hpp"

namespace kurabe::collectors::snmp {
namespace {

constexpr std::uint64_t kRange = std::uint64_t{1} << 32;
constexpr double kMargin = 1.1;  // of clocks, and of speeds that are told rounded

// A counter of 64 bits does not wrap in anybody's lifetime.
bool wrapped(std::uint64_t from, const Counter::Reading& reading) noexcept {
    if (reading.is_64_bit) return false;
    const auto step = static_cast<double>(kRange - from + reading.raw);
    return step <= (reading.most ? *reading.most * kMargin : static_cast<double>(kRange / 2));
}

// Wherever it stands then, it may have come round once or twice more. One that can come round once
// at full speed is believed, as others do: a gigabit in a minute is right up to 57 % of it.
bool may_have_lapped(const Counter::Reading& reading) noexcept {
    constexpr double kTwoLaps = 2.0 * static_cast<double>(kRange);
    return !reading.is_64_bit && reading.most && *reading.most >= kTwoLaps;
}

}  // namespace

Counter::Step Counter::take(const Reading& reading) noexcept {
    const bool is_first = !is_known_;
    bool breaks = is_first ? !reading.is_64_bit && reading.breaks_with_before
                           : is_64_bit_ != reading.is_64_bit;
    const bool lapped = !is_first && may_have_lapped(reading);
    breaks = breaks || reading.is_new || lapped;
    if (!breaks && !is_first && reading.raw < raw_) {
        breaks = !wrapped(raw_, reading);
        if (!breaks) wraps_ += kRange;
    }
    if (breaks) wraps_ = 0;
    is_known_ = true;
    is_64_bit_ = reading.is_64_bit;
    raw_ = reading.raw;
    return {.value = wraps_ + reading.raw, .breaks = breaks, .may_have_lapped = lapped};
}

}  // namespace kurabe::collectors::snmp
