// Column by column: its rows are read, filled, and folded into those of the other rings.
#include "store/late_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "store/append_plan.hpp"
#include "store/bus_guard.hpp"
#include "store/cdp.hpp"
#include "store/ring_rows.hpp"

namespace kurabe::store {
namespace {

// What some of the samples change.
struct LatePlan {
    std::vector<JournaledRow> rows;
    std::vector<JournaledCdps> cdps;
    std::size_t judged = 0;              // samples from the first on
    std::vector<std::size_t> unfilling;  // those among them that fill no row
};

// The value that a sample gives to the rows after `after` up to `last`.
struct LateValue {
    std::int64_t after = 0;
    std::int64_t last = 0;
    Value value = kUnknown;
};

// The row that a time lies in: row n ends at n x resolution.
std::int64_t row_around(SampleTime time, Seconds resolution) noexcept {
    return row_at(std::chrono::ceil<Seconds>(time) + resolution - Seconds{1}, resolution);
}

std::optional<LateValue> value_of(const DataSource& source, const LateSample* before,
                                  const LateSample& sample, Seconds resolution) noexcept {
    const std::int64_t row = row_around(sample.time, resolution);
    if (before != nullptr && before->time < sample.time) {
        const double interval = seconds_between(before->time, sample.time);
        const Value amount = amount_of(source, before->value, sample.value, interval);
        const std::int64_t after =
            std::max(row_around(before->time, resolution), row - kLateRowsOfASampleMax);
        if (!is_unknown(amount) && after < row) return LateValue{after, row, amount / interval};
    }
    if (source.type != DsType::kGauge) return std::nullopt;
    const Value value = amount_of(source, RawValue::unknown(), sample.value, 1);
    if (is_unknown(value)) return std::nullopt;
    return LateValue{row - 1, row, value};
}

// The rows of one column in the ring of one PDP per row, filled in memory.
class FilledColumn {
  public:
    FilledColumn(const ArchiveFile& file, const Column& column, std::uint32_t index)
        : layout_(file.layout),
          finest_(layout_.rings().front()),
          column_(column),
          index_(index),
          shown_(shown_rows(finest_, column)) {
        if (finest_.pdp_per_row != 1 || shown_.last < shown_.first) return;
        std::vector<Value> values(static_cast<std::size_t>(shown_.last - shown_.first + 1));
        const PlaneTarget target{0, values};
        const RowsRead read =
            read_rows(file.mapping.bytes(), {finest_, index}, shown_, shown_, {&target, 1});
        // Rows of a damaged run are to stay what they are.
        if (read.damaged_runs == 0) values_ = std::move(values);
    }

    [[nodiscard]] Seconds resolution() const noexcept { return finest_.resolution; }
    // Whether a row was unknown.
    bool fill(const LateValue& late) {
        if (values_.empty()) return false;
        const std::size_t before = filled_.size();
        const std::int64_t last = std::min(late.last, shown_.last);
        for (std::int64_t row = std::max(late.after + 1, shown_.first); row <= last; ++row) {
            if (!is_unknown(at(row))) continue;
            at(row) = late.value;
            filled_.insert(row);
        }
        return filled_.size() > before;
    }
    [[nodiscard]] std::size_t filled() const noexcept { return filled_.size(); }

    void put_changes(LatePlan& plan) {
        if (filled_.empty()) return;
        for (const std::int64_t row : filled_) put_row(plan, finest_, row, {at(row)});
        cdps_ = column_.cdps;
        std::size_t first_cdp = 0;
        for (const RingPlace& ring : layout_.rings()) {
            if (ring.pdp_per_row == 1) {
                if (&ring != &finest_) put_same_rows(plan, ring);
                continue;
            }
            put_folded_rows(plan, ring, first_cdp);
            first_cdp += ring.planes.size();
        }
        if (has_open_changes_) plan.cdps.push_back({.column = index_, .states = cdps_});
    }

  private:
    Value& at(std::int64_t row) { return values_[static_cast<std::size_t>(row - shown_.first)]; }

    void put_row(LatePlan& plan, const RingPlace& ring, std::int64_t row,
                 std::vector<Value> values) const {
        plan.rows.push_back({.column = index_,
                             .ring = static_cast<std::uint32_t>(ring.number),
                             .row = static_cast<std::uint64_t>(row),
                             .values = std::move(values)});
    }

    void put_same_rows(LatePlan& plan, const RingPlace& ring) {
        const ShownRows shown = shown_rows(ring, column_);
        for (const std::int64_t row : filled_) {
            if (row >= shown.first && row <= shown.last) put_row(plan, ring, row, {at(row)});
        }
    }

    void put_folded_rows(LatePlan& plan, const RingPlace& ring, std::size_t first_cdp) {
        const ShownRows shown = shown_rows(ring, column_);
        const std::int64_t pdps = ring.pdp_per_row;
        std::set<std::int64_t> rows;
        for (const std::int64_t row : filled_) rows.insert((row + pdps - 1) / pdps);
        for (const std::int64_t row : rows) {
            if (row < shown.first || !keeps_all_of(row, pdps)) continue;
            std::vector<Value> values;
            for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
                CdpState state;
                const Value value = fold(state, ring, plane, row);
                values.push_back(value);
                if (row > shown.last) cdps_[first_cdp + plane] = state;
            }
            if (row > shown.last) {
                has_open_changes_ = true;
            } else {
                put_row(plan, ring, row, std::move(values));
            }
        }
    }

    // Whether no PDP of the row was known once and is kept no more.
    [[nodiscard]] bool keeps_all_of(std::int64_t row, std::int64_t pdps) const noexcept {
        const std::int64_t begin = row_at(column_.history_start, finest_.resolution);
        return std::max((row - 1) * pdps, begin) + 1 >= shown_.first;
    }

    // The row's value; what counts of an open row is the state.
    Value fold(CdpState& state, const RingPlace& ring, std::size_t plane, std::int64_t row) {
        const Consolidation rule{ring.planes[plane], ring.pdp_per_row,
                                 layout_.shape().retention.xff};
        const std::int64_t pdps = ring.pdp_per_row;
        Value value = kUnknown;
        for (std::int64_t i = (row - 1) * pdps + 1; i <= std::min(row * pdps, shown_.last); ++i) {
            const PdpRun run{.first = static_cast<std::uint64_t>(i - 1),
                             .count = 1,
                             .value = i < shown_.first ? kUnknown : at(i)};
            value = consolidate(state, rule, run, rows_of_run(run, ring.pdp_per_row)).primary;
        }
        return value;
    }

    const ArchiveLayout& layout_;
    const RingPlace& finest_;
    const Column& column_;
    std::uint32_t index_;
    ShownRows shown_;
    std::vector<Value> values_;  // of the shown rows; none when they cannot be filled
    std::set<std::int64_t> filled_;
    std::vector<CdpState> cdps_;
    bool has_open_changes_ = false;
};

Result<LatePlan> plan_late_rows(const ArchiveFile& file, std::span<const Column> columns,
                                std::span<const LateSample> samples) {
    LatePlan plan;
    const BusGuard guard(file.mapping);
    std::size_t next = 0;
    bool is_full = false;
    while (next < samples.size() && !is_full) {
        const std::uint32_t index = samples[next].column;
        if (index >= columns.size()) {
            plan.unfilling.push_back(next++);
            continue;
        }
        const Column& column = columns[index];
        FilledColumn filled(file, column, index);
        for (; next < samples.size() && samples[next].column == index; ++next) {
            is_full = plan.rows.size() + filled.filled() >= kLateRowsOfARecordMax;
            if (is_full) break;
            const bool has_before = next > 0 && samples[next - 1].column == index;
            const auto value = value_of(column.source, has_before ? &samples[next - 1] : nullptr,
                                        samples[next], filled.resolution());
            if (!value || !filled.fill(*value)) plan.unfilling.push_back(next);
        }
        filled.put_changes(plan);
    }
    plan.judged = next;
    if (guard.tripped()) return file.lost_bytes();
    return plan;
}

}  // namespace

Result<LateCounts> accept_late(const ArchiveFile& file, std::span<const Column> columns,
                               std::span<const Sample> samples, std::span<const LateSample> late,
                               JournalRecord& record, AppendReport& report) {
    if (late.empty()) return LateCounts{};
    auto plan = plan_late_rows(file, columns, late);
    if (!plan) return std::unexpected(plan.error());
    for (const std::size_t i : plan->unfilling) {
        refuse(report, record.host, samples[late[i].number], outdated(late[i].time, late[i].last));
    }
    record.rows = std::move(plan->rows);
    record.cdps = std::move(plan->cdps);
    return LateCounts{.judged = plan->judged, .stored = plan->judged - plan->unfilling.size()};
}

}  // namespace kurabe::store
