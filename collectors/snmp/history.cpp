// What is remembered of a device from poll to poll.
#include "collectors/snmp/history.hpp"

#include <set>

namespace kurabe::collectors::snmp {
namespace {

constexpr double kTicksPerSecond = 100;
constexpr std::uint64_t kTicksRange = std::uint64_t{1} << 32;  // sysUpTime wraps after 497 days

// Whether an uptime that is less than it was has wrapped: it was about to, and is about as much
// past it as it should be.
bool uptime_wrapped(std::uint64_t from, std::uint64_t to, std::chrono::duration<double> elapsed) {
    const double step = elapsed.count() * kTicksPerSecond;
    const double tolerance = 60 * kTicksPerSecond + step / 10;
    const double expected = static_cast<double>(from) + step;
    const double now = static_cast<double>(to) + static_cast<double>(kTicksRange);
    return now > expected - tolerance && now < expected + tolerance;
}

}  // namespace

void History::begin_poll(Time at, std::optional<std::uint64_t> ticks) {
    elapsed_ = last_at_ ? at - *last_at_ : std::chrono::duration<double>{};
    has_rebooted_ = false;
    if (ticks && !last_ticks_) {
        // What was longer before is unknown to the store anyway.
        const double lately = std::chrono::duration<double>(heartbeat_).count() * kTicksPerSecond;
        has_rebooted_ = !last_at_ && static_cast<double>(*ticks) < lately;
    }
    if (ticks && last_ticks_ && *ticks < *last_ticks_) {
        has_rebooted_ = !uptime_wrapped(*last_ticks_, *ticks, elapsed_);
    }
    last_at_ = at;
    if (ticks) last_ticks_ = ticks;
}

bool History::began_anew(const std::string& group, std::uint64_t ticks) {
    const auto [known, is_first] = discontinuities_.emplace(group, ticks);
    if (is_first || known->second == ticks) return false;
    known->second = ticks;
    return true;
}

void History::forget_others(const Plan& plan) {
    std::set<std::string> keys;
    for (const Instance& instance : plan.instances) keys.insert(plan.counter_name(instance));
    std::erase_if(counters_, [&](const auto& entry) { return !keys.contains(entry.first); });
    std::erase_if(discontinuities_, [&](const auto& entry) { return !keys.contains(entry.first); });
}

}  // namespace kurabe::collectors::snmp
