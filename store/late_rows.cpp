// Column by column: its rows are read, filled, and folded into those of the other rings.
#include "store/late_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>
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
    JournalRecord changes;  // rows, runs and CDPs only
    std::size_t bytes = 0;
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

constexpr std::size_t kNumbersBytes = 40;  // of a row or a run: column, ring, number, values

// What one filled row changes at most.
std::size_t bytes_of_a_row(const ArchiveLayout& layout) noexcept {
    std::size_t bytes = kNumbersBytes + layout.cdp_count() * (sizeof(Value) + 10);
    for (const RingPlace& ring : layout.rings()) bytes += kNumbersBytes + ring.run_bytes;
    return bytes;
}

bool agree(Value a, Value b) noexcept {
    constexpr double kRounding = 1e-9;
    if (is_unknown(a) || is_unknown(b)) return is_unknown(a) && is_unknown(b);
    return a == b || std::abs(a - b) <= kRounding * std::max(std::abs(a), std::abs(b));
}

// The rows of one column that its late samples can have to do with, in the ring of one PDP per row,
// filled in memory.
class FilledColumn {
  public:
    FilledColumn(const ArchiveFile& file, const Column& column, std::uint32_t index,
                 std::span<const LateSample> samples)
        : file_(file),
          finest_(file.layout.rings().front()),
          column_(column),
          index_(index),
          shown_(shown_rows(finest_, column)),
          range_(range_of(samples)) {
        if (finest_.pdp_per_row != 1 || range_.last < range_.first) return;
        std::vector<Value> values(static_cast<std::size_t>(range_.last - range_.first + 1));
        const PlaneTarget target{0, values};
        const RowsRead read =
            read_rows(file.mapping.bytes(), {finest_, index}, shown_, range_, {&target, 1});
        // Rows of a damaged run are to stay what they are.
        if (read.damaged_runs == 0) values_ = std::move(values);
    }

    [[nodiscard]] Seconds resolution() const noexcept { return finest_.resolution; }
    [[nodiscard]] std::size_t filled() const noexcept { return filled_.size(); }
    // Whether a row was unknown.
    bool fill(const LateValue& late) {
        if (values_.empty()) return false;
        const std::size_t before = filled_.size();
        const std::int64_t last = std::min(late.last, range_.last);
        for (std::int64_t row = std::max(late.after + 1, range_.first); row <= last; ++row) {
            if (!is_unknown(at(row))) continue;
            at(row) = late.value;
            filled_.insert(row);
        }
        return filled_.size() > before;
    }

    void put_changes(LatePlan& plan) {
        if (filled_.empty()) return;
        cdps_ = column_.cdps;
        std::size_t first_cdp = 0;
        for (const RingPlace& ring : file_.layout.rings()) {
            if (ring.pdp_per_row == 1) {
                put_same_rows(plan, ring);
            } else {
                put_folded_rows(plan, ring, first_cdp);
                first_cdp += ring.planes.size();
            }
            put_runs(plan, ring);
        }
        if (!has_open_changes_) return;
        plan.bytes += kNumbersBytes + cdps_.size() * (sizeof(Value) + 10);
        plan.changes.cdps.push_back({.column = index_, .states = std::move(cdps_)});
    }

  private:
    // With all rows that go into the same rows of other rings.
    [[nodiscard]] RowRange range_of(std::span<const LateSample> samples) const noexcept {
        const auto [oldest, newest] = std::ranges::minmax(samples, {}, &LateSample::time);
        const std::int64_t begin = row_around(oldest.time, finest_.resolution);
        const std::int64_t end = row_around(newest.time, finest_.resolution);
        RowRange range{begin, end};
        for (const RingPlace& ring : file_.layout.rings()) {
            const std::int64_t pdps = ring.pdp_per_row;
            range.first = std::min(range.first, (begin - 1) / pdps * pdps + 1);
            range.last = std::max(range.last, (end + pdps - 1) / pdps * pdps);
        }
        return {std::max(range.first, shown_.first), std::min(range.last, shown_.last)};
    }

    Value& at(std::int64_t row) { return values_[static_cast<std::size_t>(row - range_.first)]; }

    // Into an open block, or the run of a closed one. Rows of a damaged run stay.
    void put_row(LatePlan& plan, const RingPlace& ring, const ShownRows& shown, std::int64_t row,
                 std::vector<Value> values) {
        const std::int64_t block = row / ring.rows_per_block;
        if (block >= ring.open_block_after(shown.last)) {
            plan.bytes += kNumbersBytes + values.size() * sizeof(Value);
            plan.changes.rows.push_back({.column = index_,
                                         .ring = static_cast<std::uint32_t>(ring.number),
                                         .row = static_cast<std::uint64_t>(row),
                                         .values = std::move(values)});
            return;
        }
        const auto number = static_cast<std::uint64_t>(block);
        const auto found = runs_.try_emplace(number).first;
        if (found->second.empty()) {
            auto run = read_run(file_.mapping.bytes(), {ring, index_}, number);
            if (!run) return;
            found->second = *std::move(run);
        }
        const auto in_block = static_cast<std::size_t>(row % ring.rows_per_block);
        for (std::size_t plane = 0; plane < values.size(); ++plane) {
            found->second[plane * ring.rows_per_block + in_block] = values[plane];
        }
    }

    void put_runs(LatePlan& plan, const RingPlace& ring) {
        for (auto& [block, values] : runs_) {
            if (values.empty()) continue;
            plan.bytes += kNumbersBytes + values.size() * sizeof(Value);
            plan.changes.runs.push_back({.column = index_,
                                         .ring = static_cast<std::uint32_t>(ring.number),
                                         .block = block,
                                         .values = std::move(values)});
        }
        runs_.clear();
    }

    void put_same_rows(LatePlan& plan, const RingPlace& ring) {
        const ShownRows shown = shown_rows(ring, column_);
        for (const std::int64_t row : filled_) {
            if (row >= shown.first && row <= shown.last) put_row(plan, ring, shown, row, {at(row)});
        }
    }

    void put_folded_rows(LatePlan& plan, const RingPlace& ring, std::size_t first_cdp) {
        const ShownRows shown = shown_rows(ring, column_);
        const std::int64_t pdps = ring.pdp_per_row;
        std::set<std::int64_t> rows;
        for (const std::int64_t row : filled_) rows.insert((row + pdps - 1) / pdps);
        for (const std::int64_t row : rows) {
            if (row < shown.first || !keeps_all_of(row, pdps)) continue;
            if (row > shown.last) {
                fold_open_row(ring, first_cdp, row);
            } else if (is_made_of_rows(ring, shown, row)) {
                std::vector<Value> values;
                for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
                    values.push_back(fold(ring, plane, row, Filling::kWith).value);
                }
                put_row(plan, ring, shown, row, std::move(values));
            }
        }
    }

    // Whether no PDP of the row was known once and is kept no more.
    [[nodiscard]] bool keeps_all_of(std::int64_t row, std::int64_t pdps) const noexcept {
        const std::int64_t begin = row_at(column_.history_start, finest_.resolution);
        return std::max((row - 1) * pdps, begin) + 1 >= shown_.first;
    }

    // Whether what is stored of a row is what its PDPs gave before they were filled.
    bool is_made_of_rows(const RingPlace& ring, const ShownRows& shown, std::int64_t row) {
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            Value stored = kUnknown;
            const PlaneTarget target{plane, {&stored, 1}};
            (void)read_rows(file_.mapping.bytes(), {ring, index_}, shown, {row, row}, {&target, 1});
            if (!agree(stored, fold(ring, plane, row, Filling::kWithout).value)) return false;
        }
        return true;
    }

    void fold_open_row(const RingPlace& ring, std::size_t first_cdp, std::int64_t row) {
        const auto pdps = static_cast<std::uint64_t>(shown_.last - (row - 1) * ring.pdp_per_row);
        std::vector<CdpState> states;
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            const CdpState& stored = column_.cdps[first_cdp + plane];
            const CdpState before = fold(ring, plane, row, Filling::kWithout).state;
            const bool is_known = before.unknown_pdps < pdps;
            if (stored.unknown_pdps != before.unknown_pdps) return;
            if (is_known && !agree(stored.value, before.value)) return;
            states.push_back(fold(ring, plane, row, Filling::kWith).state);
        }
        std::ranges::copy(states, cdps_.begin() + static_cast<std::ptrdiff_t>(first_cdp));
        has_open_changes_ = true;
    }

    enum class Filling : std::uint8_t { kWith, kWithout };
    struct Folded {
        CdpState state;          // of an open row
        Value value = kUnknown;  // of a closed one
    };
    Folded fold(const RingPlace& ring, std::size_t plane, std::int64_t row, Filling filling) {
        const Consolidation rule{ring.planes[plane], ring.pdp_per_row,
                                 file_.layout.shape().retention.xff};
        const std::int64_t pdps = ring.pdp_per_row;
        Folded folded;
        for (std::int64_t i = (row - 1) * pdps + 1; i <= std::min(row * pdps, shown_.last); ++i) {
            const bool is_left_out =
                i < shown_.first || (filling == Filling::kWithout && filled_.contains(i));
            const PdpRun run{.first = static_cast<std::uint64_t>(i - 1),
                             .count = 1,
                             .value = is_left_out ? kUnknown : at(i)};
            const RowSpan span = rows_of_run(run, ring.pdp_per_row);
            folded.value = consolidate(folded.state, rule, run, span).primary;
        }
        return folded;
    }

    const ArchiveFile& file_;
    const RingPlace& finest_;
    const Column& column_;
    std::uint32_t index_;
    ShownRows shown_;
    RowRange range_;
    std::vector<Value> values_;  // of the range; none when they cannot be filled
    std::set<std::int64_t> filled_;
    std::map<std::uint64_t, std::vector<Value>> runs_;  // of one ring, by block; empty: damaged
    std::vector<CdpState> cdps_;
    bool has_open_changes_ = false;
};

// The first samples are those of one column: how many.
std::size_t samples_of_a_column(std::span<const LateSample> samples) noexcept {
    const auto end = std::ranges::find_if(
        samples, [&](const LateSample& sample) { return sample.column != samples.front().column; });
    return static_cast<std::size_t>(end - samples.begin());
}

Result<LatePlan> plan_late_rows(const ArchiveFile& file, std::span<const Column> columns,
                                std::span<const LateSample> samples, Seconds heartbeat) {
    LatePlan plan;
    const BusGuard guard(file.mapping);
    const std::size_t row_bytes = bytes_of_a_row(file.layout);
    bool is_full = false;
    while (plan.judged < samples.size() && !is_full) {
        const auto rest = samples.subspan(plan.judged);
        const auto own = rest.first(samples_of_a_column(rest));
        const std::uint32_t index = own.front().column;
        if (index >= columns.size()) {
            for (std::size_t i = 0; i < own.size(); ++i) plan.unfilling.push_back(plan.judged++);
            continue;
        }
        FilledColumn filled(file, columns[index], index, own);
        const DataSource source = columns[index].source.with_heartbeat(heartbeat);
        for (std::size_t i = 0; i < own.size(); ++i, ++plan.judged) {
            is_full = plan.bytes + filled.filled() * row_bytes >= kLateBytesOfARecord;
            if (is_full) break;
            const auto value =
                value_of(source, i > 0 ? &own[i - 1] : nullptr, own[i], filled.resolution());
            if (!value || !filled.fill(*value)) plan.unfilling.push_back(plan.judged);
        }
        filled.put_changes(plan);
    }
    if (guard.tripped()) return file.lost_bytes();
    return plan;
}

}  // namespace

Result<LateCounts> accept_late(const ArchiveFile& file, std::span<const Column> columns,
                               std::span<const Sample> samples, std::span<const LateSample> late,
                               JournalRecord& record, AppendReport& report) {
    if (late.empty()) return LateCounts{};
    auto plan = plan_late_rows(file, columns, late, record.heartbeat);
    if (!plan) return std::unexpected(plan.error());
    for (const std::size_t i : plan->unfilling) {
        refuse(report, record.host, samples[late[i].number], outdated(late[i].time, late[i].last));
    }
    record.rows = std::move(plan->changes.rows);
    record.runs = std::move(plan->changes.runs);
    record.cdps = std::move(plan->changes.cdps);
    return LateCounts{.judged = plan->judged, .stored = plan->judged - plan->unfilling.size()};
}

}  // namespace kurabe::store
