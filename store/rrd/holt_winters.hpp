// The Holt-Winters family: HWPREDICT and MHWPREDICT predict the next value from a baseline, a trend
// and a season; SEASONAL, DEVSEASONAL, DEVPREDICT and FAILURES follow what became of it.
// Rule: rrdcreate(1), "Aberrant Behavior Detection with Holt-Winters Forecasting"; which of two
// states an RRA meets in its partners depends on who comes first in the file, as measured on
// rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "store/rrd/header.hpp"
#include "store/rrd/update_plan.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Where a CDP stands: one data source of one RRA.
struct CdpPlace {
    std::size_t rra;
    std::size_t source;
};

// How a season and a baseline come together: added, or multiplied in MHWPREDICT.
struct Season {
    bool multiplies;

    [[nodiscard]] Value apply(Value baseline, Value coefficient) const noexcept {
        return multiplies ? baseline * coefficient : baseline + coefficient;
    }
    // The baseline of a value without its coefficient, or the other way round.
    [[nodiscard]] Value remove(Value value, Value part) const noexcept {
        if (!multiplies) return value - part;
        return part > 0 ? value / part : kFileUnknown;
    }
    [[nodiscard]] Value identity() const noexcept { return multiplies ? 1 : 0; }
};

// Works on the CDPs of a state. PDPs must be folded RRA by RRA in the order of the file.
class HoltWinters {
  public:
    HoltWinters(const UpdatePlan& plan, Header& state) noexcept : plan_(plan), state_(state) {}

    // Folds one PDP and returns the value of its row. `next` is the coefficient of the row after
    // it; of SEASONAL and DEVSEASONAL only.
    [[nodiscard]] Value fold(const CdpPlace& place, Value pdp, Value next) noexcept;

    // For more PDPs at once than can be followed, `count`. Returns the value of all their rows; not
    // of SEASONAL and DEVSEASONAL, which only take up the last two coefficients that were passed.
    [[nodiscard]] Value skip(const CdpPlace& place, std::uint64_t count) noexcept;
    void skip_season(const CdpPlace& place, Value last, Value next) noexcept;

  private:
    [[nodiscard]] Value fold_prediction(const CdpPlace& place, Value pdp) noexcept;
    [[nodiscard]] Value fold_season(const CdpPlace& place, Value pdp, Value next) noexcept;
    [[nodiscard]] Value fold_deviation(const CdpPlace& place, Value pdp, Value next) noexcept;
    [[nodiscard]] bool violates(const CdpPlace& place, Value pdp) noexcept;
    [[nodiscard]] Value fold_failures(const CdpPlace& place, Value pdp) noexcept;

    // Of FAILURES, one byte per row of the window, newest first.
    [[nodiscard]] std::span<std::byte> history(const CdpPlace& place) noexcept;
    [[nodiscard]] CdpRecord& cdp(const CdpPlace& place) noexcept {
        return state_.cdp(place.rra, place.source);
    }
    [[nodiscard]] CdpPlace partner_of(const CdpPlace& place) const noexcept;
    [[nodiscard]] Value parameter(const CdpPlace& place, std::size_t index) const noexcept;
    [[nodiscard]] Value coefficient(const CdpPlace& seasonal, bool turned) noexcept;
    [[nodiscard]] Value coefficient(const CdpPlace& seasonal, const CdpPlace& reader) noexcept;
    [[nodiscard]] std::optional<Value> predicted(const CdpPlace& prediction,
                                                 const CdpPlace& reader) noexcept;
    [[nodiscard]] Season season_of(const CdpPlace& prediction) const noexcept;
    [[nodiscard]] Value baseline_after(const CdpPlace& prediction, Value pdp,
                                       Value coefficient) noexcept;
    [[nodiscard]] Value learned_coefficient(const CdpPlace& place, Value pdp, Value old) noexcept;

    const UpdatePlan& plan_;
    Header& state_;
};

}  // namespace kurabe::store::rrd
