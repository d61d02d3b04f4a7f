// How long a host that fails is left alone: twice as long after every failure, and never the same
// for many hosts that failed together.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <random>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::chrono::seconds kBackOffFirst{30};
inline constexpr std::chrono::seconds kBackOffMax{600};

class BackOff {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit BackOff(std::uint64_t seed) : random_(seed) {}

    // After the n-th failure in a row: kBackOffFirst x 2^(n-1), at most kBackOffMax, of which a
    // random half to whole.
    void failed(Time now);
    void succeeded() noexcept { failures_ = 0; }

    [[nodiscard]] bool holds(Time now) const noexcept { return failures_ > 0 && now < until_; }
    [[nodiscard]] Time until() const noexcept { return until_; }
    // What to say of a host while it holds; `last_error` is why it failed last.
    [[nodiscard]] std::unexpected<Error> left_alone(Time now, std::string_view last_error) const;
    [[nodiscard]] unsigned failures() const noexcept { return failures_; }

  private:
    std::mt19937_64 random_;
    unsigned failures_ = 0;
    Time until_;
};

}  // namespace kurabe::collectors
