// Which ring answers a request, and which rows of it.
// Rule: rrdfetch(1), "RESOLUTION INTERVAL"; ties, partial matches and the added last row as
// measured on rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "store/fetch.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// A ring (RRA) as a request sees it.
struct RingExtent {
    Seconds resolution{1};
    std::int64_t rows = 0;
    bool has_cf = false;  // it holds the CF of the request, or one PDP per row
};

// The time that `rows` rows up to `last` cover: of row times t, begin < t <= end.
struct Coverage {
    Time begin;
    Time end;
};
[[nodiscard]] Coverage coverage_of(const RingExtent& ring, SampleTime last) noexcept;

// Index of the ring that answers best: the one of the nearest resolution among those that reach
// back to request.start, else the one that covers most. Nothing when no ring has the CF.
[[nodiscard]] std::optional<std::size_t> choose_ring(std::span<const RingExtent> rings,
                                                     SampleTime last,
                                                     const FetchRequest& request) noexcept;

// The request widened to the grid of a resolution: start down, end up, and one row further when it
// lies on the grid. Rows are those with begin < row time <= end.
[[nodiscard]] Coverage align_to_rows(const FetchRequest& request, Seconds resolution) noexcept;

}  // namespace kurabe::store
