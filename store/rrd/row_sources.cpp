// Folds the cells of one row, candidate by candidate.
#include "store/rrd/row_sources.hpp"

#include <algorithm>

#include "store/rrd/coverage.hpp"

namespace kurabe::store::rrd {
namespace {

class RowFold {
  public:
    RowFold(const RowRule& rule, Time end) noexcept
        : rule_(rule), range_{end - rule.resolution + Seconds{1}, end} {}

    [[nodiscard]] bool is_covered() const noexcept {
        return coverage_.seconds() >= rule_.resolution.count();
    }

    void add(const RowSource& candidate) {
        const Ring& ring = *candidate.ring;
        const auto first = ring.row_at(range_.first);
        const auto last = ring.row_at(range_.last);
        if (!first || !last || (*last + 1) % ring.rows() == *first) return;
        Time end = row_time(range_.first, ring.resolution());
        for (std::uint64_t row = *first;; row = (row + 1) % ring.rows()) {
            add_cell(ring.value(row, candidate.source), end, ring.resolution());
            if (row == *last) return;
            end += ring.resolution();
        }
    }

    [[nodiscard]] Value result() const noexcept {
        const auto seconds = static_cast<double>(rule_.resolution.count());
        const auto covered = static_cast<double>(coverage_.seconds());
        if (covered <= rule_.xff * seconds) return kFileUnknown;
        return rule_.cf == RraCf::kAverage ? value_ / covered * seconds : value_;
    }

  private:
    void add_cell(Value value, Time end, Seconds resolution) {
        if (is_unknown(value)) return;
        const Time begin = end - resolution + Seconds{1};
        const std::int64_t added =
            coverage_.add({std::max(begin, range_.first), std::min(end, range_.last)});
        if (added > 0) value_ = folded(value, static_cast<double>(added));
    }

    [[nodiscard]] Value folded(Value value, double seconds) const noexcept {
        const bool is_first = is_unknown(value_);
        switch (rule_.cf) {
            case RraCf::kMin:  // of two zeroes the later one
                return !is_first && value_ < value ? value_ : value;
            case RraCf::kMax:
                return !is_first && value_ > value ? value_ : value;
            case RraCf::kLast:
                return value;
            default:
                break;
        }
        const auto length = static_cast<double>(rule_.resolution.count());
        return (is_first ? 0 : value_) + value / length * seconds;
    }

    const RowRule& rule_;
    SecondRange range_;
    Coverage coverage_;
    Value value_ = kFileUnknown;
};

}  // namespace

Value row_from(std::span<const RowSource> candidates, const RowRule& rule, Time end) {
    RowFold fold(rule, end);
    for (const RowSource& candidate : candidates) {
        if (fold.is_covered()) break;
        fold.add(candidate);
    }
    return fold.result();
}

}  // namespace kurabe::store::rrd
