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
    1.2,    1.0,   0.8,   0.7,   0.6,   0.5,   0.4,   0.3,   0.2,   0.1,   0.0};

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

double round_up(double value) {
    if (value < 0) {
        for (const double number : kRoundNumbers) {
            if (-number >= value) return -number;
        }
    }
    double result = value;
    for (const double number : kRoundNumbers) {
        if (number < value) break;
        result = number;
    }
    return result;
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
// beside its values.
ValueRange widened_by_share(const ValueAxis& axis) {
    const auto& [min, max] = axis.range;
    const double delta = max - min;
    const double largest = std::max(std::abs(min), std::abs(max)) / axis.magnitude;
    const double finest = 2 * std::pow(10.0, std::floor(std::log10(largest)) - 2) * axis.magnitude;
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

Grid classic_grid(const GraphOptions& options, const ValueAxis& axis) {
    const double scale = pixels_per_value(options, axis);
    const double label_distance =
        kLabelDistanceMin * options.fonts[static_cast<std::size_t>(FontTag::kAxis)].size_pt;
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
        if (step * scale * factor >= label_distance) {
            label_factor = factor;
            break;
        }
    }
    return {step, label_factor};
}

// --alt-y-grid: powers of ten in the unit of the labels.
Grid alternative_grid(const GraphOptions& options, const ValueAxis& axis) {
    const double range = axis.range.max - axis.range.min;
    const double font = options.fonts[static_cast<std::size_t>(FontTag::kAxis)].size_pt;
    double step = std::pow(10.0, std::floor(std::log10(range / axis.unit))) * axis.unit;
    if (range / step < 5 && step * pixels_per_value(options, axis) >= 30) step /= 10;
    if (range / step > 15) step *= 10;
    const double lines = range / step;
    const double distance = step * pixels_per_value(options, axis);
    if (lines > 5) return {step, lines > 8 || distance < kLabelDistanceMin * font ? 2 : 1};
    return {step / 5, 5};
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

int labels_inside(const LineNumbers& lines, int label_factor) {
    return static_cast<int>(std::floor(lines.last / label_factor) -
                            std::ceil(lines.first / label_factor)) +
           1;
}

// A scale with less than two labels says nothing: then more lines get one.
int factor_with_two_labels(const LineNumbers& lines, int label_factor) {
    for (const int factor : {20, 10, 5, 4, 2, 1}) {
        const bool divides = factor <= label_factor && label_factor % factor == 0;
        if (divides && labels_inside(lines, factor) >= 2) return factor;
    }
    return 1;
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

}  // namespace

std::optional<ValueRange> drawn_range(const EvaluatedGraph& graph) {
    RangeCollector collector;
    for (const Drawn& drawn : graph.drawn) std::visit(collector, drawn);
    return collector.range;
}

ValueAxis fit_value_axis(const GraphOptions& options, const std::optional<ValueRange>& drawn) {
    const ValueRange range = apply_limits(options, drawn.value_or(ValueRange{0, 1}));
    ValueAxis axis = with_unit(options, range);
    if (options.rigid) return axis;
    const ValueRange wide = widened(options, axis);
    if (std::isfinite(wide.min) && std::isfinite(wide.max) && wide.min < wide.max) {
        axis.range = wide;
    }
    return axis;
}

std::vector<YLine> y_grid(const GraphOptions& options, const ValueAxis& axis) {
    std::vector<YLine> result;
    if (options.no_y_grid) return result;
    Grid grid = chosen_grid(options, axis);
    if (!(grid.step > 0) || !std::isfinite(grid.step)) return result;
    while (grid.step * pixels_per_value(options, axis) < 2) grid.step *= 10;
    const LineNumbers lines = lines_inside(grid, axis.range);
    const int factor = factor_with_two_labels(lines, grid.label_factor);
    const int decimals = decimals_needed(axis, grid.step * factor, options.alt_y_grid);
    for (double line = lines.first; line <= lines.last; ++line) {
        YLine y{
            .value = line * grid.step, .major = std::fmod(line, factor) == 0, .label = {}};
        if (y.major) y.label = label_text(axis, y.value, decimals);
        if (y.major || !options.no_minor) result.push_back(std::move(y));
    }
    return result;
}

}  // namespace kurabe::render
