// Consolidation of AVERAGE, MIN, MAX and LAST with rrdtool's order of operations.
#include "store/cdp.hpp"

#include <limits>

namespace kurabe::store {
namespace {

constexpr Value kInfinite = std::numeric_limits<Value>::infinity();

// What a CF starts from when nothing is known yet.
Value neutral(Cf cf) noexcept {
    switch (cf) {
        case Cf::kAverage:
            return 0;
        case Cf::kMin:
            return kInfinite;
        case Cf::kMax:
            return -kInfinite;
        case Cf::kLast:
            break;
    }
    return kUnknown;
}

Value closed_row(const CdpState& state, const Consolidation& rule, Value value,
                 std::uint64_t pdps) noexcept {
    const auto pdp_per_row = static_cast<double>(rule.pdp_per_row);
    if (static_cast<double>(state.unknown_pdps) > pdp_per_row * rule.xff) return rule.unknown;
    if (rule.cf == Cf::kLast) return value;

    const Value accumulated = is_unknown(state.value) ? neutral(rule.cf) : state.value;
    const Value addition = is_unknown(value) ? neutral(rule.cf) : value;
    const Value total = folded(rule.cf, accumulated, weighed(rule.cf, addition, pdps));
    const auto known = static_cast<double>(rule.pdp_per_row - state.unknown_pdps);
    return rule.cf == Cf::kAverage ? total / known : total;
}

}  // namespace

CdpState CdpState::beginning(Time time, Seconds step, std::uint64_t pdp_per_row) noexcept {
    const auto pdp = static_cast<std::uint64_t>(time.time_since_epoch() / step);
    return {kUnknown, pdp % pdp_per_row};
}

RowSpan rows_of_run(const PdpRun& run, std::uint64_t pdp_per_row) noexcept {
    const std::uint64_t row = run.first / pdp_per_row;
    RowSpan span{.first_row = row + 1, .to_first = (row + 1) * pdp_per_row - run.first};
    if (span.to_first > run.count) return span;
    const std::uint64_t after_first = run.count - span.to_first;
    span.rows = after_first / pdp_per_row + 1;
    span.carried = after_first % pdp_per_row;
    return span;
}

RowValues close_rows(CdpState& state, const Consolidation& rule, const PdpRun& run,
                     const RowSpan& span) noexcept {
    const bool known = !is_unknown(run.value);
    if (!known) state.unknown_pdps += span.to_first;
    const Value primary = closed_row(state, rule, run.value, span.to_first);

    const bool carries = known && span.carried > 0;
    state.value = carries ? weighed(rule.cf, run.value, span.carried) : neutral(rule.cf);
    state.unknown_pdps = known ? 0 : span.carried;
    return {primary, run.value};
}

}  // namespace kurabe::store
