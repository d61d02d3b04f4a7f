// Consolidation: folds primary data points (PDP) into the rows of one ring and one CF.
// Rule: rrdcreate(1), RRA and xff. Compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <algorithm>
#include <cstdint>

#include "store/pdp.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// The consolidated data point that is still open. Not used by rings of one PDP per row.
struct CdpState {
    Value value = kUnknown;
    std::uint64_t unknown_pdps = 0;

    // Of a series that begins at `time`.
    [[nodiscard]] static CdpState beginning(Time time, Seconds step,
                                            std::uint64_t pdp_per_row) noexcept;
};

// How a run of PDPs lies on the rows of a ring. Row number n ends at n * resolution.
struct RowSpan {
    std::uint64_t first_row = 0;  // the row that is open when the run begins
    std::uint64_t rows = 0;       // how many rows the run closes; far more than a ring may hold
    std::uint64_t to_first = 0;   // PDPs of the run up to the end of the open row
    std::uint64_t carried = 0;    // PDPs of the run after the last closed row; 0 if none closes
};
[[nodiscard]] RowSpan rows_of_run(const PdpRun& run, std::uint64_t pdp_per_row) noexcept;

// Values of the closed rows: `primary` of the first, `secondary` of all further ones.
struct RowValues {
    Value primary = kUnknown;
    Value secondary = kUnknown;
};

struct Consolidation {
    Cf cf = Cf::kAverage;
    std::uint64_t pdp_per_row = 1;
    double xff = 0.5;
    Value unknown = kUnknown;  // a row of which more than xff is unknown
};

// `count` PDPs of one value, as the CF counts them.
[[nodiscard]] inline Value weighed(Cf cf, Value value, std::uint64_t count) noexcept {
    return cf == Cf::kAverage ? value * static_cast<double>(count) : value;
}

[[nodiscard]] inline Value folded(Cf cf, Value accumulated, Value weighed_value) noexcept {
    switch (cf) {
        case Cf::kAverage:
            return accumulated + weighed_value;
        case Cf::kMin:
            return std::min(accumulated, weighed_value);
        case Cf::kMax:
            return std::max(accumulated, weighed_value);
        case Cf::kLast:
            break;
    }
    return weighed_value;
}

// What consolidate() does with a run that closes no row: what nearly all runs are.
inline void stay_in_row(CdpState& state, Cf cf, const PdpRun& run) noexcept {
    if (is_unknown(run.value)) {
        state.unknown_pdps += run.count;
        return;
    }
    const Value addition = weighed(cf, run.value, run.count);
    state.value = is_unknown(state.value) ? addition : folded(cf, state.value, addition);
}

// What it does with others, in rings of more than one PDP per row.
[[nodiscard]] RowValues close_rows(CdpState& state, const Consolidation& rule, const PdpRun& run,
                                   const RowSpan& span) noexcept;

// Folds `run`, which lies on the rows as `span` says. The result counts only when span.rows > 0.
// For rings of one PDP per row both values are run.value, and no state is needed.
[[nodiscard]] inline RowValues consolidate(CdpState& state, const Consolidation& rule,
                                           const PdpRun& run, const RowSpan& span) noexcept {
    if (rule.pdp_per_row == 1) return {run.value, run.value};
    if (span.rows > 0) return close_rows(state, rule, run, span);
    stay_in_row(state, rule.cf, run);
    return {};
}

}  // namespace kurabe::store
