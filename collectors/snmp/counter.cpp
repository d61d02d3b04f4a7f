// A counter that is less than it was has wrapped or begun anew.
#include "collectors/snmp/counter.hpp"

namespace kurabe::collectors::snmp {
namespace {

constexpr std::uint64_t kRange = std::uint64_t{1} << 32;

// A counter of 64 bits does not wrap in anybody's lifetime.
bool wrapped(std::uint64_t from, const Counter::Reading& reading) noexcept {
    if (reading.is_64_bit) return false;
    const auto step = static_cast<double>(kRange - from + reading.raw);
    return step <= reading.most.value_or(static_cast<double>(kRange / 2));
}

}  // namespace

Counter::Step Counter::take(const Reading& reading) noexcept {
    const bool is_first = !is_known_;
    bool breaks = is_first ? !reading.is_64_bit && reading.breaks_with_before
                           : is_64_bit_ != reading.is_64_bit;
    breaks = breaks || reading.is_new;
    if (!breaks && !is_first && reading.raw < raw_) {
        breaks = !wrapped(raw_, reading);
        if (!breaks) wraps_ += kRange;
    }
    if (breaks) wraps_ = 0;
    is_known_ = true;
    is_64_bit_ = reading.is_64_bit;
    raw_ = reading.raw;
    return {.value = wraps_ + reading.raw, .breaks = breaks};
}

}  // namespace kurabe::collectors::snmp
