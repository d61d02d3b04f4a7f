// One function per CF, in rrdtool's order of operations.
#include "store/rrd/holt_winters.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace kurabe::store::rrd {
namespace {

using Cdp = CdpRecord;
using Rra = RraRecord;

Value weighed(Value weight, Value fresh, Value old) noexcept {
    return weight * fresh + (1 - weight) * old;
}

// A baseline and a trend; `steps` have passed since they were set.
struct Line {
    Value intercept;
    Value slope;
    std::uint64_t steps;

    [[nodiscard]] bool is_known() const noexcept {
        return !is_unknown(intercept) && !is_unknown(slope);
    }
    [[nodiscard]] Value ahead() const noexcept {
        return intercept + slope * static_cast<Value>(steps);
    }
};

Line line_of(const Cdp& cdp) noexcept {
    return {cdp.slots[Cdp::kIntercept].number(), cdp.slots[Cdp::kSlope].number(),
            cdp.slots[Cdp::kNullCount].count()};
}

Line last_line_of(const Cdp& cdp) noexcept {
    return {cdp.slots[Cdp::kLastIntercept].number(), cdp.slots[Cdp::kLastSlope].number(),
            cdp.slots[Cdp::kLastNullCount].count()};
}

void set_line(Cdp& cdp, const Line& line) noexcept {
    cdp.slots[Cdp::kIntercept] = Slot::of_number_as_is(line.intercept);
    cdp.slots[Cdp::kSlope] = Slot::of_number_as_is(line.slope);
    cdp.slots[Cdp::kNullCount] = Slot::of_count(line.steps);
}

void set_last_line(Cdp& cdp, const Line& line) noexcept {
    cdp.slots[Cdp::kLastIntercept] = Slot::of_number_as_is(line.intercept);
    cdp.slots[Cdp::kLastSlope] = Slot::of_number_as_is(line.slope);
    cdp.slots[Cdp::kLastNullCount] = Slot::of_count(line.steps);
}

// `coefficient` becomes the last one and `next` the current one.
void turn_season(Cdp& cdp, Value coefficient, Value next) noexcept {
    cdp.slots[Cdp::kLastSeasonal] = Slot::of_number_as_is(coefficient);
    cdp.slots[Cdp::kSeasonal] = Slot::of_number_as_is(next);
}

void add_count(Slot& slot, std::uint64_t count) noexcept {
    slot = Slot::of_count(slot.count() + count);
}

}  // namespace

CdpPlace HoltWinters::partner_of(const CdpPlace& place) const noexcept {
    return {plan_.rras[place.rra].partner, place.source};
}

Value HoltWinters::parameter(const CdpPlace& place, std::size_t index) const noexcept {
    return state_.rras[place.rra].parameters[index].number();
}

Season HoltWinters::season_of(const CdpPlace& prediction) const noexcept {
    return {.multiplies = plan_.rras[prediction.rra].cf == RraCf::kMhwPredict};
}

// The coefficient of this PDP, which is the last one when the season has turned already.
Value HoltWinters::coefficient(const CdpPlace& seasonal, bool turned) noexcept {
    return cdp(seasonal).slots[turned ? Cdp::kLastSeasonal : Cdp::kSeasonal].number();
}

// An RRA that comes before the reader has turned.
Value HoltWinters::coefficient(const CdpPlace& seasonal, const CdpPlace& reader) noexcept {
    return coefficient(seasonal, seasonal.rra < reader.rra);
}

// What the prediction for this PDP is or was. Nothing while one of its parts is unknown; infinite
// parts may well make an unknown prediction.
std::optional<Value> HoltWinters::predicted(const CdpPlace& prediction,
                                            const CdpPlace& reader) noexcept {
    const bool folded = prediction.rra < reader.rra;
    const Line line = folded ? last_line_of(cdp(prediction)) : line_of(cdp(prediction));
    const Value coefficient_now = coefficient(partner_of(prediction), reader);
    if (!line.is_known() || is_unknown(coefficient_now)) return std::nullopt;
    return season_of(prediction).apply(line.ahead(), coefficient_now);
}

Value HoltWinters::fold(const CdpPlace& place, Value pdp, Value next) noexcept {
    switch (plan_.rras[place.rra].cf) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            return fold_prediction(place, pdp);
        case RraCf::kSeasonal:
            return fold_season(place, pdp, next);
        case RraCf::kDevSeasonal:
            return fold_deviation(place, pdp, next);
        case RraCf::kDevPredict:
            return coefficient(partner_of(place), place);
        case RraCf::kFailures:
            return fold_failures(place, pdp);
        default:
            return kFileUnknown;
    }
}

Value HoltWinters::fold_prediction(const CdpPlace& place, Value pdp) noexcept {
    Cdp& record = cdp(place);
    const Line line = line_of(record);
    set_last_line(record, line);
    const auto prediction = predicted(place, place);
    if (!prediction) {
        if (is_unknown(line.intercept) && !is_unknown(pdp)) {
            const Line first{.intercept = pdp, .slope = 0, .steps = 1};
            set_line(record, first);
            set_last_line(record, first);
        }
        return kFileUnknown;
    }
    if (is_unknown(pdp)) {
        set_line(record, {line.intercept, line.slope, line.steps + 1});
        return *prediction;
    }
    const Value intercept = baseline_after(place, pdp, coefficient(partner_of(place), place));
    const Value slope =
        weighed(parameter(place, Rra::kBeta), intercept - line.intercept, line.slope);
    set_line(record, {intercept, slope, 1});
    return *prediction;
}

// The intercept that `pdp` makes of the line, which is known.
Value HoltWinters::baseline_after(const CdpPlace& prediction, Value pdp,
                                  Value coefficient) noexcept {
    const Value baseline = season_of(prediction).remove(pdp, coefficient);
    return weighed(parameter(prediction, Rra::kAlpha), baseline, line_of(cdp(prediction)).ahead());
}

Value HoltWinters::fold_season(const CdpPlace& place, Value pdp, Value next) noexcept {
    Cdp& record = cdp(place);
    const Value old = record.slots[Cdp::kSeasonal].number();
    turn_season(record, old, next);
    return is_unknown(pdp) ? old : learned_coefficient(place, pdp, old);
}

Value HoltWinters::learned_coefficient(const CdpPlace& place, Value pdp, Value old) noexcept {
    const CdpPlace prediction = partner_of(place);
    const Season season = season_of(prediction);
    const Line line = line_of(cdp(prediction));
    Value baseline = line.intercept;
    if (prediction.rra < place.rra) {
        const Line last = last_line_of(cdp(prediction));
        if (!last.is_known()) return kFileUnknown;
        if (is_unknown(old)) return season.remove(pdp, last.intercept);
    } else {
        if (!line.is_known()) return season.identity();
        if (is_unknown(old)) return season.remove(pdp, line.intercept);
        baseline = baseline_after(prediction, pdp, old);
    }
    return weighed(parameter(place, Rra::kGamma), season.remove(pdp, baseline), old);
}

Value HoltWinters::fold_deviation(const CdpPlace& place, Value pdp, Value next) noexcept {
    Cdp& record = cdp(place);
    const Value old = record.slots[Cdp::kSeasonal].number();
    turn_season(record, old, next);
    const auto prediction = predicted(partner_of(place), place);
    if (!prediction) return kFileUnknown;
    if (is_unknown(pdp)) return old;
    const Value deviation = std::abs(*prediction - pdp);
    return is_unknown(old) ? deviation : weighed(parameter(place, Rra::kGamma), deviation, old);
}

// Whether the PDP is further from its prediction than the deviation allows. rrdtool takes the place
// of the SEASONAL for that of the DEVSEASONAL when it asks whether the latter has turned.
bool HoltWinters::violates(const CdpPlace& place, Value pdp) noexcept {
    const CdpPlace deviations = partner_of(place);
    const CdpPlace prediction = partner_of(deviations);
    const bool turned = partner_of(prediction).rra < place.rra;
    const Value deviation = coefficient(deviations, turned);
    if (is_unknown(deviation)) return false;
    if (is_unknown(pdp)) return true;
    const Value middle = predicted(prediction, place).value_or(kFileUnknown);
    return pdp > middle + parameter(place, Rra::kDeltaPositive) * deviation ||
           pdp < middle - parameter(place, Rra::kDeltaNegative) * deviation;
}

std::span<std::byte> HoltWinters::history(const CdpPlace& place) noexcept {
    const std::uint64_t window = state_.rras[place.rra].parameters[Rra::kWindowLength].count();
    return std::as_writable_bytes(std::span(cdp(place).slots)).first(window);
}

Value HoltWinters::fold_failures(const CdpPlace& place, Value pdp) noexcept {
    const auto& parameters = state_.rras[place.rra].parameters;
    const auto violations = history(place);
    if (violations.empty()) return 0;
    std::ranges::copy_backward(violations.first(violations.size() - 1), violations.end());
    violations.front() = std::byte{violates(place, pdp)};
    const auto count = std::ranges::count(violations, std::byte{1});
    return static_cast<std::uint64_t>(count) >= parameters[Rra::kThreshold].count() ? 1 : 0;
}

Value HoltWinters::skip(const CdpPlace& place, std::uint64_t count) noexcept {
    Cdp& record = cdp(place);
    switch (plan_.rras[place.rra].cf) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            add_count(record.slots[Cdp::kNullCount], count);
            add_count(record.slots[Cdp::kLastNullCount], count - 1);
            return kFileUnknown;
        case RraCf::kFailures:
            std::ranges::fill(history(place), std::byte{0});
            return 0;
        default:
            return kFileUnknown;
    }
}

void HoltWinters::skip_season(const CdpPlace& place, Value last, Value next) noexcept {
    turn_season(cdp(place), last, next);
}

}  // namespace kurabe::store::rrd
