// How much computing one graph may still cost, so that no definition keeps a thread busy for long.
#pragma once

#include <cstdint>

#include "store/result.hpp"

namespace kurabe::render {

// Elementary operations; the whole is about a second.
inline constexpr std::uint64_t kWorkMax = 1'000'000'000;
// What reading or adding up a value costs, and what sorting one for a percentile.
inline constexpr std::uint64_t kScanCost = 2;
inline constexpr std::uint64_t kSortCost = 32;

class WorkBudget {
  public:
    // kLimit when less than `cost` is left.
    [[nodiscard]] Result<void> spend(std::uint64_t cost) {
        if (left_ < cost) {
            left_ = 0;
            return fail(ErrorCode::kLimit,
                        "this graph costs too much to compute; use fewer or shorter expressions, "
                        "fewer rows or shorter windows");
        }
        left_ -= cost;
        return {};
    }

  private:
    std::uint64_t left_ = kWorkMax;
};

}  // namespace kurabe::render
