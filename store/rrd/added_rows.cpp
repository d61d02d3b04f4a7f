// Cells of one candidate at a time.
#include "store/rrd/added_rows.hpp"

#include <algorithm>
#include <optional>

namespace kurabe::store::rrd {
namespace {

struct RowRange {
    std::uint64_t first;
    std::uint64_t last;  // after the last row of the ring comes its first
};

// The rows of `ring` that overlap the interval. Where the ring begins within it, rrdtool begins at
// the newest row; where it ends within it, at the row before the newest, counted without a sign. A
// range of all rows counts only when it does not wrap around.
std::optional<RowRange> rows_of_interval(const Ring& ring, const AddedRow& row) noexcept {
    const auto first = ring.row_at(row.end - row.resolution + Seconds{1});
    const auto last = ring.row_at(row.end);
    if (!first && !last) return std::nullopt;
    const RowRange range{first.value_or(ring.current_row()),
                         last.value_or((ring.current_row() - 1) % ring.rows())};
    if (range.last + 1 == range.first) return std::nullopt;
    return range;
}

// Of two zeroes the later one.
Value smaller(Value before, Value value) noexcept {
    return before < value ? before : value;
}
Value larger(Value before, Value value) noexcept {
    return before > value ? before : value;
}

// Folds known values; unknown until there is one.
class Fold {
  public:
    explicit Fold(RraCf cf) noexcept : cf_(cf) {}

    void add(Value value, double seconds) noexcept {
        if (is_unknown(value)) return;
        switch (cf_) {
            case RraCf::kAverage:
                value_ = is_unknown(value_) ? value * seconds : value_ + value * seconds;
                seconds_ += seconds;
                break;
            case RraCf::kMin:
                value_ = is_unknown(value_) ? value : smaller(value_, value);
                break;
            case RraCf::kMax:
                value_ = is_unknown(value_) ? value : larger(value_, value);
                break;
            default:
                value_ = value;
                break;
        }
    }
    [[nodiscard]] Value result() const noexcept {
        return cf_ == RraCf::kAverage && !is_unknown(value_) ? value_ / seconds_ : value_;
    }

  private:
    RraCf cf_;
    Value value_ = kFileUnknown;
    double seconds_ = 0;
};

Value fold_rows(const Ring& ring, const RowRange& range, RraCf cf, std::size_t source) {
    Fold fold(cf);
    const auto seconds = static_cast<double>(ring.resolution().count());
    for (std::uint64_t row = range.first;; row = (row + 1) % ring.rows()) {
        fold.add(ring.value(row, source), seconds);
        if (row == range.last) return fold.result();
    }
}

// Adds one cell to an open CDP, whatever time it covers.
void add_cell(RraCf cf, Value cell, CdpRecord& record) noexcept {
    Slot& unknown = record.slots[CdpRecord::kUnknownPdps];
    if (is_unknown(cell)) {
        unknown = Slot::of_count(unknown.count() + 1);
        return;
    }
    const Value open = record.slots[CdpRecord::kValue].number();
    Value sum = cell;
    if (cf == RraCf::kAverage) sum = open + cell;
    if (cf == RraCf::kMin) sum = std::min(open, cell);
    if (cf == RraCf::kMax) sum = std::max(open, cell);
    record.slots[CdpRecord::kValue] = Slot::of_number(sum);
}

}  // namespace

Value added_row(AddedRowSources candidates, const AddedRow& row, std::size_t source) {
    if (!consolidates(row.cf)) return kFileUnknown;
    for (const Ring* const ring : candidates) {
        const auto range = rows_of_interval(*ring, row);
        if (!range) continue;
        const Value value = fold_rows(*ring, *range, row.cf, source);
        if (!is_unknown(value)) return value;
    }
    return kFileUnknown;
}

CdpRecord added_cdp(AddedRowSources candidates, const AddedRow& newest, std::size_t source,
                    Time last_update, const CdpRecord& beginning) {
    const auto found = std::ranges::find_if(candidates, [](const Ring* ring) {
        return ring->pdp_per_row() == 1 || ring->cf() == RraCf::kAverage;
    });
    if (found == candidates.end()) return beginning;
    const Ring& ring = **found;
    // A row that has just been closed counts as open.
    const Time begin = newest.end == last_update ? newest.end - newest.resolution : newest.end;
    const auto first = ring.row_at(begin + Seconds{1});
    const std::uint64_t before =
        first ? (*first + ring.rows() - 1) % ring.rows() : ring.current_row();
    CdpRecord record;
    record.slots[CdpRecord::kPrimary] = Slot::of_number(added_row(candidates, newest, source));
    record.slots[CdpRecord::kSecondary] = Slot::of_number(ring.value(before, source));
    if (!first) return record;
    for (std::uint64_t row = *first;; row = (row + 1) % ring.rows()) {
        add_cell(newest.cf, ring.value(row, source), record);
        if (row == ring.current_row()) return record;
    }
}

}  // namespace kurabe::store::rrd
