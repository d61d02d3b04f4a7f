// Chooses the range, the magnitude and the grid, and writes labels that differ.
#include "render/y_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace kurabe::render {

namespace {

// A range's ends, in units of its magnitude, go outward to the next of these.
inline constexpr std::array kRoundNumbers = {
    1000.0, 900.0, 800.0, 750.0, 700.0, 600.0, 500.0, 400.0, 300.0, 250.0, 200.0, 125.0,
    100.0,  90.0,  80.0,  75.0,  70.0,  60.0,  50.0,  40.0,  30.0,  25.0,  20.0,  10.0,
    9.0,    8.0,   7.0,   6.0,   5.0,   4.0,   3.5,   3.0,   2.5,   2.0,   1.8,   1.5,
    1.2,    1.0,   0.8,   0.7,   0.6,   0.5,   0.4,   0.3,   0.2,   0.1};

// Distances of grid lines, in units of the magnitude, and every how manieth may have a label.
struct Spacing {
    double step;
    std::array<int, 4> label_factors;
};
inline constexpr std::array<Spacing, 12> kSpacings = {{{0.1, {1, 2, 5, 10}},
                                                       {0.2, {1, 5, 10, 20}},
                                                       {0.5, {1, 2, 4, 10}},
                                                       {1.0, {1, 2, 5, 10}},
                                                       {2.0, {1, 5, 10, 20}},
                                                       {5.0, {1, 2, 4, 10}},
                                                       {10.0, {1, 2, 5, 10}},
                                                       {20.0, {1, 5, 10, 20}},
                                                       {50.0, {1, 2, 4, 10}},
                                                       {100.0, {1, 2, 5, 10}},
                                                       {200.0, {1, 5, 10, 20}},
                                                       {500.0, {1, 2, 4, 10}}}};
inline constexpr double kLineDistanceMin_px = 5;
inline constexpr double kLabelDistanceMin = 1.8;  // in sizes of the axis font

inline constexpr std::string_view kSymbols = "yzafpnum kMGTPEZY";
inline constexpr int kSymbolOfOne = 8;

inline constexpr int kDecimalsMax = 9;

// So far inside double's range that the ends' difference and their rounding stay there too.
inline constexpr double kScaleEndMax = 1e300;
// Beyond this a double does not tell a whole number from the next.
inline constexpr double kLineNumberMax = 9e15;

// The nearest round number that is not smaller, or `value` itself
// where the list ends: between zero and its smallest number nothing is rounded.
double next_larger(double value) {
    double result = value;
    for (const double number : kRoundNumbers) {
        if (number < value) break;
        result = number;
    }
    return value < kRoundNumbers.back() ? value : result;
}

// The nearest round number that is smaller: a line on a round number does not lie on the end of the
// scale that is the nearer one to zero, and an area of it is seen.
double next_smaller(double value) {
    for (const double number : kRoundNumbers) {
        if (number < value) return number;
    }
    return value;
}

double round_up(double value) {
    return value < 0 ? -next_smaller(-value) : next_larger(value);
}

double round_down(double value) {
    return -round_up(-value);
}

struct RangeCollector {
    std::optional<ValueRange> range;

    void add(const Columns& columns) {
        for (const Value value : columns) {
            if (!std::isfinite(value)) continue;
            if (!range) range = ValueRange{value, value};
            range->min = std::min(range->min, value);
            range->max = std::max(range->max, value);
        }
    }
    void operator()(const EvaluatedLine& line) {
        if (!line.skip_scale) add(line.columns);
    }
    void operator()(const EvaluatedArea& area) {
        if (!area.skip_scale) add(area.columns);
    }
    void operator()(const EvaluatedHorizontalRule&) {}
    void operator()(const EvaluatedVerticalRule&) {}
    void operator()(const EvaluatedTick&) {}
};

// Limits only widen, unless the scale is rigid; a range is never empty.
ValueRange apply_limits(const GraphOptions& options, ValueRange range) {
    const auto& [lower, upper] = std::pair(options.lower_limit, options.upper_limit);
    if (lower && (options.rigid || *lower < range.min)) range.min = *lower;
    if (upper && (options.rigid || *upper > range.max)) range.max = *upper;
    range.min = std::clamp(range.min, -kScaleEndMax, kScaleEndMax);
    range.max = std::clamp(range.max, -kScaleEndMax, kScaleEndMax);
    if (range.min > range.max) {
        if (range.min > 0) {
            range.max = range.min * 1.01;
        } else {
            range.min = range.max * 1.01;
        }
        if (range.min > range.max) std::swap(range.min, range.max);
    }
    if (range.min == range.max) {
        if (range.max > 0) {
            range.max *= 1.01;
        } else {
            range.max *= 0.99;
        }
        if (range.min == range.max) range.max = range.min + 1;
    }
    return range;
}

ValueAxis with_unit(const GraphOptions& options, const ValueRange& range) {
    const double base = options.base;
    const double largest = std::max(std::abs(range.min), std::abs(range.max));
    const double digits = std::floor(std::log(largest) / std::log(base));
    const double unit_digits =
        options.units_exponent ? std::floor(*options.units_exponent / 3.0) : digits;
    ValueAxis axis{
        .range = range, .magnitude = std::pow(base, digits), .unit = std::pow(base, unit_digits)};
    const double symbol = unit_digits + kSymbolOfOne;
    const bool has_letter = symbol >= 0 && symbol < static_cast<double>(kSymbols.size());
    axis.symbol = has_letter ? kSymbols[static_cast<std::size_t>(symbol)] : '?';
    return axis;
}

// --alt-autoscale: a tenth of the range above and below, and more for a range that is very small
// beside its values. rrdtool measures "very small" in ones, which leaves values of thousands their
// detail, but swallows those far below one (it then needs minutes for the grid): those are measured
// in their own magnitude.
ValueRange widened_by_share(const ValueAxis& axis) {
    const auto& [min, max] = axis.range;
    const double delta = max - min;
    const double largest = std::max(std::abs(min), std::abs(max)) / axis.magnitude;
    const double finest =
        2 * std::pow(10.0, std::floor(std::log10(largest)) - 2) * std::min(axis.magnitude, 1.0);
    const double margin = delta < finest ? (finest - delta) * 0.55 : 0.1 * delta;
    return {min - margin, max + margin};
}

ValueRange widened(const GraphOptions& options, const ValueAxis& axis) {
    const auto& [min, max] = axis.range;
    if (options.y_grid) {
        const double step = options.y_grid->step * options.y_grid->label_factor;
        return {std::floor(min / step) * step, std::ceil(max / step) * step};
    }
    if (options.alt_autoscale) return widened_by_share(axis);
    return {round_down(min / axis.magnitude) * axis.magnitude,
            round_up(max / axis.magnitude) * axis.magnitude};
}

// Lines at multiples of `step`; every `label_factor`-th is a major one with a label.
struct Grid {
    double step;
    int label_factor;
};

double pixels_per_value(const GraphOptions& options, const ValueAxis& axis) {
    return options.height_px / (axis.range.max - axis.range.min);
}

double label_distance(const GraphOptions& options) {
    return kLabelDistanceMin * options.fonts[static_cast<std::size_t>(FontTag::kAxis)].size_pt;
}

Grid classic_grid(const GraphOptions& options, const ValueAxis& axis) {
    const double scale = pixels_per_value(options, axis);
    const Spacing* spacing = &kSpacings.back();
    for (const Spacing& candidate : kSpacings) {
        if (candidate.step * axis.magnitude * scale >= kLineDistanceMin_px) {
            spacing = &candidate;
            break;
        }
    }
    const double step = spacing->step * axis.magnitude;
    int label_factor = spacing->label_factors.back();
    for (const int factor : spacing->label_factors) {
        if (std::floor(step * scale) * factor >= label_distance(options)) {
            label_factor = factor;
            break;
        }
    }
    return {step, label_factor};
}

// --alt-y-grid: powers of ten in the unit of the labels.
Grid alternative_grid(const GraphOptions& options, const ValueAxis& axis) {
    const double range = axis.range.max - axis.range.min;
    double step = std::pow(10.0, std::floor(std::log10(range / axis.unit))) * axis.unit;
    if (range / step < 5 && step * pixels_per_value(options, axis) >= 30) step /= 10;
    if (range / step > 15) step *= 10;
    const double lines = range / step;
    if (lines <= 5) return {step / 5, 5};
    const bool tight = step * pixels_per_value(options, axis) < label_distance(options);
    return {step, lines > 8 || tight ? 2 : 1};
}

Grid chosen_grid(const GraphOptions& options, const ValueAxis& axis) {
    if (options.y_grid) return {options.y_grid->step, std::max(options.y_grid->label_factor, 1)};
    return options.alt_y_grid ? alternative_grid(options, axis) : classic_grid(options, axis);
}

// Line numbers from the lowest to the highest that lie in the range.
struct LineNumbers {
    double first;
    double last;
};

LineNumbers lines_inside(const Grid& grid, const ValueRange& range) {
    constexpr double kTolerance = 1e-6;  // of a step: a line at the very end is inside
    return {std::ceil(range.min / grid.step - kTolerance),
            std::floor(range.max / grid.step + kTolerance)};
}

// Not so for a range that is only a few of its doubles wide.
bool can_be_counted(const LineNumbers& lines, int height_px) {
    return std::max(std::abs(lines.first), std::abs(lines.last)) <= kLineNumberMax &&
           lines.last - lines.first <= height_px;
}

// A range that is narrow beside its values may lie between two lines of the finest classic grid:
// that is divided by ten until two lines are inside.
Grid refined(Grid grid, const GraphOptions& options, const ValueAxis& axis) {
    constexpr int kDivisionsMax = 12;
    for (int i = 0; i < kDivisionsMax; ++i) {
        const LineNumbers lines = lines_inside(grid, axis.range);
        if (lines.last - lines.first >= 1) break;
        const double distance = grid.step / 10 * pixels_per_value(options, axis);
        grid = {grid.step / 10, distance >= label_distance(options) ? 1 : 5};
    }
    return grid;
}

std::string number_text(double number, int decimals) {
    std::string text = fmt::format("{:.{}f}", number, decimals);
    const bool is_zero = text.find_first_of("123456789") == std::string::npos;
    if (is_zero && text.starts_with('-')) text.erase(0, 1);
    return text;
}

// As rrdtool: one decimal below ten, none above; and more while labels would not say their value
// to a hundredth of their distance.
int decimals_needed(const ValueAxis& axis, double label_step, bool exact_only) {
    const double largest = std::max(std::abs(axis.range.min), std::abs(axis.range.max)) / axis.unit;
    int decimals = !exact_only && largest < 10 ? 1 : 0;
    const double step = label_step / axis.unit;
    while (decimals < kDecimalsMax) {
        const double scaled = step * std::pow(10.0, decimals);
        if (std::abs(scaled - std::round(scaled)) <= 0.01 * scaled && scaled > 0.5) break;
        ++decimals;
    }
    return decimals;
}

std::string label_text(const ValueAxis& axis, Value value, int decimals) {
    std::string text = number_text(value / axis.unit, decimals);
    if (axis.symbol == ' ') return text;
    // Zero has no unit, but stands in line with the other numbers.
    return text + ' ' + (value == 0 ? ' ' : axis.symbol);
}

// One label alone gives no scale: then the highest line gets one too and is a major one, as in
// rrdtool, or the lowest where the highest is too near; without any label both get one.
void ensure_two_labels(const GraphOptions& options, const ValueAxis& axis, const Grid& grid,
                       std::vector<YLine>& lines) {
    const auto is_labelled = [](const YLine& line) { return !line.label.empty(); };
    const auto labelled = std::ranges::count_if(lines, is_labelled);
    if (labelled >= 2 || lines.size() < 2) return;
    const auto alone = std::ranges::find_if(lines, is_labelled);
    std::vector<YLine*> chosen = {&lines.front(), &lines.back()};
    if (labelled == 1) {
        const double above_px =
            (lines.back().value - alone->value) * pixels_per_value(options, axis);
        const bool upper = above_px >= label_distance(options);
        chosen = {&*alone, upper ? &lines.back() : &lines.front()};
        if (upper) lines.back().major = true;
    }
    const int decimals = decimals_needed(axis, grid.step, options.alt_y_grid);
    for (YLine* line : chosen) line->label = label_text(axis, line->value, decimals);
}

}  // namespace

std::optional<ValueRange> drawn_range(const EvaluatedGraph& graph) {
    RangeCollector collector;
    for (const Drawn& drawn : graph.drawn) std::visit(collector, drawn);
    if (!graph.comparison) return collector.range;
    for (const ComparedLine& line : graph.comparison->lines) {
        if (!line.skip_scale) collector.add(line.columns);
    }
    return collector.range;
}

ValueAxis fit_value_axis(const GraphOptions& options, const std::optional<ValueRange>& drawn) {
    const ValueRange range = apply_limits(options, drawn.value_or(ValueRange{0, 1}));
    ValueAxis axis = with_unit(options, range);
    if (options.rigid) return axis;
    const ValueRange wide = widened(options, axis);
    if (std::isfinite(wide.max - wide.min) && wide.min < wide.max) axis.range = wide;
    return axis;
}

std::vector<YLine> y_grid(const GraphOptions& options, const ValueAxis& axis) {
    std::vector<YLine> result;
    if (options.no_y_grid) return result;
    Grid grid = chosen_grid(options, axis);
    if (!(grid.step > 0) || !std::isfinite(grid.step)) return result;
    if (!options.y_grid) grid = refined(grid, options, axis);
    if (!(grid.step > 0)) return result;
    while (grid.step * pixels_per_value(options, axis) < 2) grid.step *= 10;
    const LineNumbers lines = lines_inside(grid, axis.range);
    if (!can_be_counted(lines, options.height_px)) return result;
    const int decimals = decimals_needed(axis, grid.step * grid.label_factor, options.alt_y_grid);
    for (double line = lines.first; line <= lines.last; ++line) {
        const bool major = std::fmod(line, grid.label_factor) == 0;
        if (!major && options.no_minor) continue;
        const Value value = line * grid.step;
        const std::string label = major ? label_text(axis, value, decimals) : "";
        result.push_back({.value = value, .major = major, .label = label});
    }
    ensure_two_labels(options, axis, grid, result);
    return result;
}

}  // namespace kurabe::render
