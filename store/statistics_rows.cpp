// Compares what the rings hold with a range.
#include "store/statistics_rows.hpp"

#include <algorithm>

namespace kurabe::store {

Coverage whole_rows(const StatisticsRange& range, Seconds resolution) noexcept {
    const Seconds from = range.from.time_since_epoch();
    const Time begin{(from + resolution - Seconds{1}) / resolution * resolution};
    const Time end{range.to.time_since_epoch() / resolution * resolution};
    return {begin, std::max(begin, end)};
}

std::optional<std::size_t> coarsest_sufficient_ring(std::span<const RingExtent> rings,
                                                    SampleTime last, const StatisticsRange& range,
                                                    std::int64_t rows_enough) noexcept {
    std::optional<std::size_t> sufficient;
    std::optional<std::size_t> finest;
    std::optional<std::size_t> longest;
    Time longest_begin = Time::max();
    for (std::size_t i = 0; i < rings.size(); ++i) {
        const RingExtent& ring = rings[i];
        if (!ring.has_cf) continue;
        const Time begin = coverage_of(ring, last).begin;
        if (begin < longest_begin) {
            longest = i;
            longest_begin = begin;
        }
        if (begin > range.from) continue;
        if (!finest || ring.resolution < rings[*finest].resolution) finest = i;
        const Coverage window = whole_rows(range, ring.resolution);
        if ((window.end - window.begin) / ring.resolution < rows_enough) continue;
        if (!sufficient || ring.resolution > rings[*sufficient].resolution) sufficient = i;
    }
    if (sufficient) return sufficient;
    return finest ? finest : longest;
}

}  // namespace kurabe::store
