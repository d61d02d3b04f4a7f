// How long a request's body may take: as long as it comes, and never for good.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace kurabe::server {

struct BodyLimits {
    // Between two pieces, and before the pace counts.
    std::chrono::milliseconds silence{10'000};
    std::size_t bytes_per_second_min = 4'000;
    std::chrono::milliseconds whole{300'000};  // 16 MiB at 56 kB/s
};

class BodyPace {
  public:
    using Clock = std::chrono::steady_clock;

    // `limits` has a pace above 0.
    BodyPace(const BodyLimits& limits, Clock::time_point begin) : limits_(limits), begin_(begin) {}

    // Until when more must have come, `received` bytes being there at `now`.
    [[nodiscard]] Clock::time_point deadline(std::size_t received, Clock::time_point now) const {
        const auto paid_for =
            std::chrono::milliseconds(received * 1000 / limits_.bytes_per_second_min);
        return std::min(
            {now + limits_.silence, begin_ + limits_.silence + paid_for, begin_ + limits_.whole});
    }

  private:
    BodyLimits limits_;
    Clock::time_point begin_;
};

}  // namespace kurabe::server
