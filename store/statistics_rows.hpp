// Which ring answers for statistics of a range, and which rows of it.
// Rule: our own, store/statistics.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "store/fetch_window.hpp"
#include "store/statistics.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// The rows that lie in the range as a whole; begin == end when there are none.
[[nodiscard]] Coverage whole_rows(const StatisticsRange& range, Seconds resolution) noexcept;

// Index of the ring that answers, see StatisticsRequest::rows_enough; `rings` in any order, as they
// are with averages. Nothing when no ring has them.
[[nodiscard]] std::optional<std::size_t> coarsest_sufficient_ring(
    std::span<const RingExtent> rings, SampleTime last, const StatisticsRange& range,
    std::int64_t rows_enough) noexcept;

}  // namespace kurabe::store
