// Which of many hosts are due: each once in every interval of the wall clock, spread over it, so
// that neither this machine nor the network has them all at one moment.
#pragma once

#include <cstddef>

#include "store/types.hpp"

namespace kurabe::collectors {

// Hosts are numbered; each has its own moment in the interval as long as their count is the same.
// The last fifth of an interval is left to those that are slow. Belongs to one thread.
class SpreadRounds {
  public:
    // `interval` of a second or more.
    explicit SpreadRounds(store::Seconds interval) noexcept : interval_(interval) {}

    struct Part {
        std::size_t begin = 0;  // up to `end`, without it
        std::size_t end = 0;
        store::Seconds late{0};  // how long ago the first of them was due
    };

    // Those of `count` hosts that became due since the last call: all of them at the first, so that
    // a start shows something soon. When a whole interval was missed, by a long task or a clock
    // that was set, what was missed is not made up for.
    [[nodiscard]] Part due(store::Time now, std::size_t count) noexcept;

  private:
    store::Seconds interval_;
    store::Time round_{store::Seconds{-1}};  // when the round began; no multiple of an interval
    std::size_t begun_ = 0;                  // in this round
    bool is_first_ = true;
};

}  // namespace kurabe::collectors
