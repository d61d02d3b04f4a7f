// The rows of seasonal RRAs that an update looks ahead to: SEASONAL and DEVSEASONAL take their next
// coefficients from where the ring will be written after this.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/update_plan.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

class SeasonRows {
  public:
    // Rows beyond the last of those that the closed PDPs belong to.
    static constexpr std::size_t kAheadMax = 3;

    // For a run of `count` closed PDPs. What `pending` will change is read as changed already.
    [[nodiscard]] Result<void> read(const UpdatePlan& plan, const Archive& archive,
                                    const RowWrites& pending, std::uint64_t count);

    // Row number `ahead` < kAheadMax, counted from the last one of the run, of a seasonal RRA.
    [[nodiscard]] Value at(std::size_t rra, std::size_t ahead, std::size_t source) const noexcept {
        return values_[(rra * kAheadMax + ahead) * sources_ + source];
    }

  private:
    std::size_t sources_ = 0;
    std::vector<Value> values_;  // by RRA, rows ahead, source
};

}  // namespace kurabe::store::rrd
