// Which seconds of an interval have a value already.
#pragma once

#include <cstdint>
#include <vector>

#include "store/types.hpp"

namespace kurabe::store::rrd {

// Seconds `first`...`last`, both included; first <= last.
struct SecondRange {
    Time first;
    Time last;
};

class Coverage {
  public:
    // Adds a range; returns how many of its seconds were not covered before.
    std::int64_t add(SecondRange range);
    // Seconds covered so far.
    [[nodiscard]] std::int64_t seconds() const noexcept { return seconds_; }

  private:
    std::vector<SecondRange> ranges_;  // sorted, with gaps between them
    std::int64_t seconds_ = 0;
};

}  // namespace kurabe::store::rrd
