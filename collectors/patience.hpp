// How long a thread waits for a peer: until a deadline, and not much longer than a stop is
// requested.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <utility>

#include "store/result.hpp"

namespace kurabe::collectors {

class Patience {
  public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    Patience(Time deadline, std::stop_token stop) : deadline_(deadline), stop_(std::move(stop)) {}

    [[nodiscard]] Time deadline() const noexcept { return deadline_; }
    // The same with an earlier deadline.
    [[nodiscard]] Patience until(Time deadline) const {
        return {std::min(deadline, deadline_), stop_};
    }

    // kLimit at the deadline, kSystem when stopped.
    [[nodiscard]] Result<void> check() const;
    // Until the descriptor is ready for `events` of poll(2), `until` has come, or a tenth of a
    // second has passed. Errors as check().
    [[nodiscard]] Result<void> wait(int descriptor, short events, Time until = Time::max()) const;

  private:
    Time deadline_;
    std::stop_token stop_;
};

}  // namespace kurabe::collectors
