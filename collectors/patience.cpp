// Waits in short turns, so that a stop is noticed.
#include "collectors/patience.hpp"

#include <poll.h>

namespace kurabe::collectors {
namespace {

constexpr std::chrono::milliseconds kTurn{100};

}  // namespace

Result<void> Patience::check() const {
    if (stop_.stop_requested()) return fail(ErrorCode::kSystem, "stopped");
    if (Clock::now() >= deadline_) return fail(ErrorCode::kLimit, "no answer in time");
    return {};
}

Result<void> Patience::wait(int descriptor, short events, Time until) const {
    if (auto checked = check(); !checked) return checked;
    const Time now = Clock::now();
    const Time end = std::min({until, deadline_, now + kTurn});
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
    pollfd polled{.fd = descriptor, .events = events, .revents = 0};
    (void)::poll(&polled, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    return {};
}

}  // namespace kurabe::collectors
