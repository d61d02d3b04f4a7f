// RRAs that consolidate one by one; the Holt-Winters family PDP by PDP.
#include "store/rrd/cdp_stage.hpp"

#include <algorithm>

#include "store/cdp.hpp"
#include "store/rrd/holt_winters.hpp"
#include "store/rrd/season_smoother.hpp"

namespace kurabe::store::rrd {
namespace {

// So many PDPs of one update are followed one by one.
constexpr std::uint64_t kFollowedMax = 2;

void consolidate_source(const Consolidation& rule, const PdpRun& run, const RowSpan& span,
                        CdpRecord& record) noexcept {
    CdpState open{.value = record.slots[CdpRecord::kValue].number(),
                  .unknown_pdps = record.slots[CdpRecord::kUnknownPdps].count()};
    const RowValues closed = consolidate(open, rule, run, span);
    record.slots[CdpRecord::kValue] = Slot::of_number(open.value);
    record.slots[CdpRecord::kUnknownPdps] = Slot::of_count(open.unknown_pdps);
    if (span.rows == 0) return;
    record.slots[CdpRecord::kPrimary] = Slot::of_number_as_is(closed.primary);
    record.slots[CdpRecord::kSecondary] = Slot::of_number(closed.secondary);
}

// A row of one PDP is that PDP; nothing stays open.
void copy_source(const PdpRun& run, CdpRecord& record) noexcept {
    record.slots[CdpRecord::kPrimary] = Slot::of_number_as_is(run.value);
    if (run.count > 1) record.slots[CdpRecord::kSecondary] = Slot::of_number_as_is(run.value);
}

void consolidate_rra(const Consolidation& rule, const ClosedPdps& closed, const RowSpan& span,
                     std::span<CdpRecord> records) noexcept {
    for (std::size_t i = 0; i < records.size(); ++i) {
        const PdpRun run{closed.first, closed.count, closed.values[i]};
        if (rule.pdp_per_row == 1) {
            copy_source(run, records[i]);
        } else {
            consolidate_source(rule, run, span, records[i]);
        }
    }
}

// `slot` receives the values of the rows.
void fold_pdp(const UpdatePlan& plan, const ClosedPdps& closed, const SeasonRows& seasons,
              std::size_t pass, Header& state) noexcept {
    HoltWinters family(plan, state);
    const std::size_t slot = pass == 1 ? CdpRecord::kPrimary : CdpRecord::kSecondary;
    for (std::size_t rra = 0; rra < plan.rras.size(); ++rra) {
        const RraCf cf = plan.rras[rra].cf;
        if (consolidates(cf)) continue;
        for (std::size_t i = 0; i < plan.sources.size(); ++i) {
            const Value next = is_seasonal(cf) ? seasons.at(rra, pass, i) : kFileUnknown;
            const Value row = family.fold({rra, i}, closed.values[i], next);
            state.cdp(rra, i).slots[slot] = Slot::of_number_as_is(row);
        }
    }
}

void skip_pdps(const UpdatePlan& plan, const ClosedPdps& closed, const SeasonRows& seasons,
               Header& state) noexcept {
    HoltWinters family(plan, state);
    for (std::size_t rra = 0; rra < plan.rras.size(); ++rra) {
        const RraCf cf = plan.rras[rra].cf;
        if (consolidates(cf)) continue;
        for (std::size_t i = 0; i < plan.sources.size(); ++i) {
            if (is_seasonal(cf)) {
                family.skip_season({rra, i}, seasons.at(rra, 0, i), seasons.at(rra, 1, i));
                continue;
            }
            const Slot row = Slot::of_number_as_is(family.skip({rra, i}, closed.count));
            state.cdp(rra, i).slots[CdpRecord::kPrimary] = row;
            state.cdp(rra, i).slots[CdpRecord::kSecondary] = row;
        }
    }
}

void run_holt_winters(const UpdatePlan& plan, const ClosedPdps& closed, const SeasonRows& seasons,
                      Header& state) noexcept {
    if (closed.count > kFollowedMax) {
        skip_pdps(plan, closed, seasons, state);
        return;
    }
    for (std::uint64_t pass = 1; pass <= closed.count; ++pass) {
        fold_pdp(plan, closed, seasons, pass, state);
    }
}

void add_place(RowWrites& rows, const RowWrites::Place& place, std::span<const CdpRecord> records,
               std::size_t slot) {
    const auto values = rows.add(place);
    for (std::size_t i = 0; i < records.size(); ++i) values[i] = records[i].slots[slot].number();
}

// Moves the current row on; the values are in the CDPs. Of more rows than the ring has only the
// last ones are written.
void write_rows(const UpdatePlan& plan, std::size_t rra, const RowSpan& span, Time end,
                Header& state, RowWrites& rows) {
    const UpdatePlan::Rra& ring = plan.rras[rra];
    const auto records =
        std::span(state.cdps).subspan(rra * plan.sources.size(), plan.sources.size());
    const std::uint64_t count = std::min(span.rows, ring.rows);
    const Seconds resolution = plan.step * static_cast<std::int64_t>(ring.rule.pdp_per_row);
    const Time label = end - end.time_since_epoch() % resolution -
                       resolution * static_cast<std::int64_t>(count - 1);
    const std::uint64_t row = (state.current_rows[rra] + 1) % ring.rows;
    state.current_rows[rra] = (state.current_rows[rra] + count) % ring.rows;
    // Coefficients of several PDPs at once are not learned from.
    if (is_seasonal(ring.cf) && count > 1) return;
    add_place(rows, {.rra = rra, .row = row, .label = label}, records, CdpRecord::kPrimary);
    if (count == 1) return;
    // rrdtool's labels leave the time of the second row out.
    add_place(rows,
              {.rra = rra,
               .row = (row + 1) % ring.rows,
               .count = count - 1,
               .label = label + 2 * resolution},
              records, CdpRecord::kSecondary);
}

}  // namespace

bool close_rows(const UpdatePlan& plan, const ClosedPdps& closed, const SeasonRows& seasons,
                Header& state, RowWrites& rows) {
    if (plan.has_holt_winters) run_holt_winters(plan, closed, seasons, state);
    const std::size_t sources = plan.sources.size();
    bool is_due = false;
    for (std::size_t rra = 0; rra < plan.rras.size(); ++rra) {
        const UpdatePlan::Rra& ring = plan.rras[rra];
        const auto records = std::span(state.cdps).subspan(rra * sources, sources);
        const RowSpan span =
            rows_of_run({.first = closed.first, .count = closed.count}, ring.rule.pdp_per_row);
        if (consolidates(ring.cf)) consolidate_rra(ring.rule, closed, span, records);
        if (span.rows == 0) continue;
        if (is_seasonal(ring.cf)) is_due |= comes_to_smoothing(state, rra, span.rows);
        write_rows(plan, rra, span, closed.label, state, rows);
    }
    return is_due;
}

}  // namespace kurabe::store::rrd
