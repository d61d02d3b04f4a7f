// Reads rows through the writes that wait to be stored.
#include "store/rrd/season_rows.hpp"

#include <algorithm>

namespace kurabe::store::rrd {
namespace {

// Rows that an update closed twice, first the rest of a partly open step and then whole ones, may
// come around to each other in a short ring.
void apply_pending(const RowWrites& pending, const RowWrites::Place& wanted, std::uint64_t ring,
                   std::span<Value> row) {
    for (std::size_t i = 0; i < pending.places().size(); ++i) {
        const RowWrites::Place& place = pending.places()[i];
        const std::uint64_t distance = (wanted.row + ring - place.row) % ring;
        if (place.rra == wanted.rra && distance < place.count) {
            std::ranges::copy(pending.values(i), row.begin());
        }
    }
}

}  // namespace

Result<void> SeasonRows::read(const UpdatePlan& plan, const Archive& archive,
                              const RowWrites& pending, std::uint64_t count) {
    sources_ = plan.sources.size();
    values_.resize(plan.rras.size() * kAheadMax * sources_);
    for (std::size_t rra = 0; rra < plan.rras.size(); ++rra) {
        if (!is_seasonal(plan.rras[rra].cf)) continue;
        const std::uint64_t ring = plan.rras[rra].rows;
        const std::uint64_t last = archive.header().current_rows[rra] + count;
        for (std::size_t ahead = 0; ahead < kAheadMax; ++ahead) {
            const std::uint64_t row = (last + ahead) % ring;
            const auto values =
                std::span(values_).subspan((rra * kAheadMax + ahead) * sources_, sources_);
            if (auto read = archive.read_rows(rra, row, values); !read) return read;
            apply_pending(pending, {.rra = rra, .row = row}, ring, values);
        }
    }
    return {};
}

}  // namespace kurabe::store::rrd
