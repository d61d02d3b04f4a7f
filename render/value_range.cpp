// Collects the drawn values and applies the limits.
#include "render/value_range.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace kurabe::render {

namespace {

// So far inside double's range that the ends' difference and their rounding stay there too.
inline constexpr double kScaleEndMax = 1e300;
// On a logarithmic scale: so that the ends' ratio stays there.
inline constexpr double kLogarithmicEndMax = 1e150;
inline constexpr double kLogarithmicEndMin = 1e-150;

// Nothing is drawn, or nothing that a logarithm exists of.
inline constexpr double kLogarithmicDefaultMax = 5.1;
inline constexpr double kLogarithmicDefaultRatio = 1e9;
inline constexpr double kLogarithmicRoom = 2;

class RangeCollector {
  public:
    explicit RangeCollector(Scaling scaling) : scaling_(scaling) {}

    void operator()(const EvaluatedLine& line) {
        if (!line.skip_scale) add(line.columns);
    }
    void operator()(const EvaluatedArea& area) {
        if (!area.skip_scale) add(area.columns);
    }
    void operator()(const EvaluatedHorizontalRule&) {}
    void operator()(const EvaluatedVerticalRule&) {}
    void operator()(const EvaluatedTick&) {}
    void operator()(const ComparedLine& line) {
        if (!line.skip_scale) add(line.columns);
    }

    [[nodiscard]] const std::optional<ValueRange>& range() const { return range_; }

  private:
    void add(const Columns& columns) {
        constexpr Value kInfinity = std::numeric_limits<Value>::infinity();
        const Value above = scaling_ == Scaling::kLogarithmic ? 0 : -kInfinity;
        // Without a branch for each value: gaps come by chance.
        ValueRange range = range_.value_or(ValueRange{kInfinity, -kInfinity});
        for (const Value value : columns) {
            const bool counts = value > above && value < kInfinity;
            range.min = counts && value < range.min ? value : range.min;
            range.max = counts && value > range.max ? value : range.max;
        }
        if (range.min <= range.max) range_ = range;
    }

    Scaling scaling_;
    std::optional<ValueRange> range_;
};

// Whether a limit takes the place of the drawn value, which may be given more room than a limit: it
// widens the range or equals its end, always counts when the scale is rigid, and only cuts when
// that may shrink.
bool lower_counts(const GraphOptions& options, Value drawn) {
    if (!options.lower_limit) return false;
    if (!options.rigid) return *options.lower_limit <= drawn;
    return !options.allow_shrink || *options.lower_limit >= drawn;
}

bool upper_counts(const GraphOptions& options, Value drawn) {
    if (!options.upper_limit) return false;
    if (!options.rigid) return *options.upper_limit >= drawn;
    return !options.allow_shrink || *options.upper_limit <= drawn;
}

// Limits may contradict each other or the data: then the upper one counts.
ValueRange not_empty(ValueRange range) {
    if (range.min > range.max) {
        range.min = range.max * (range.min > 0 ? 0.99 : 1.01);
        if (range.min > range.max) std::swap(range.min, range.max);
    }
    if (range.min == range.max) {
        range.max *= range.max > 0 ? 1.01 : 0.99;
        if (range.min == range.max) range.max = range.min + 1;
    }
    return range;
}

}  // namespace

std::optional<ValueRange> drawn_range(const EvaluatedGraph& graph, Scaling scaling) {
    RangeCollector collector(scaling);
    for (const Drawn& drawn : graph.drawn) std::visit(collector, drawn);
    for (const Drawn& drawn : graph.unseen) std::visit(collector, drawn);
    if (graph.comparison) std::ranges::for_each(graph.comparison->lines, std::ref(collector));
    return collector.range();
}

ValueRange clipped(const GraphOptions& options, ValueRange range) {
    const bool logarithmic = options.logarithmic;
    const auto room_beside = [](double end) { return end == 0 ? 1 : std::abs(end); };
    range.min = options.clip_below.value_or(range.min);
    range.max = options.clip_above.value_or(range.max);
    if (range.min < range.max) return range;
    if (options.clip_above) {
        range.min = logarithmic ? range.max / kLogarithmicRoom : range.max - room_beside(range.max);
    } else if (options.clip_below) {
        range.max = range.min + room_beside(range.min);
    }
    return range;
}

ValueRange limited_range(const GraphOptions& options, const std::optional<ValueRange>& drawn) {
    const bool logarithmic = options.logarithmic;
    const ValueRange none =
        logarithmic
            ? ValueRange{kLogarithmicDefaultMax / kLogarithmicDefaultRatio, kLogarithmicDefaultMax}
            : ValueRange{0, 1};
    const ValueRange data = drawn.value_or(none);
    const double room = logarithmic ? kLogarithmicRoom : 1;
    const double lowest = logarithmic ? kLogarithmicEndMin : -kScaleEndMax;
    const double highest = logarithmic ? kLogarithmicEndMax : kScaleEndMax;
    const Value min = lower_counts(options, data.min) ? *options.lower_limit : data.min / room;
    const Value max = upper_counts(options, data.max) ? *options.upper_limit : data.max * room;
    const ValueRange range = clipped(options, {min, max});
    return not_empty(
        {std::clamp(range.min, lowest, highest), std::clamp(range.max, lowest, highest)});
}

}  // namespace kurabe::render
