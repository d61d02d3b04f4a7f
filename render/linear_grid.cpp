// Steps of the linear grid.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "render/value_grid.hpp"

namespace kurabe::render {

namespace {

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

// Beyond this a double does not tell a whole number from the next.
inline constexpr double kLineNumberMax = 9e15;

// Lines at multiples of `step`; every `label_factor`-th is a major one with a label.
struct Steps {
    double step;
    int label_factor;
};

double pixels_per_value(const GraphOptions& options, const ValueAxis& axis) {
    return options.height_px / (axis.range.max - axis.range.min);
}

Steps classic_steps(const GraphOptions& options, const ValueAxis& axis) {
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
        if (std::floor(step * scale) * factor >= label_distance_px(options)) {
            label_factor = factor;
            break;
        }
    }
    return {step, label_factor};
}

// --alt-y-grid: powers of ten in the unit of the labels.
Steps alternative_steps(const GraphOptions& options, const ValueAxis& axis) {
    const double range = axis.range.max - axis.range.min;
    const double unit = axis.unit.size;
    double step = std::pow(10.0, std::floor(std::log10(range / unit))) * unit;
    if (range / step < 5 && step * pixels_per_value(options, axis) >= 30) step /= 10;
    if (range / step > 15) step *= 10;
    const double lines = range / step;
    if (lines <= 5) return {step / 5, 5};
    // rrdtool takes the step's value for its height in pixels.
    const bool tight = step < label_distance_px(options);
    return {step, lines > 8 || tight ? 2 : 1};
}

Steps chosen_steps(const GraphOptions& options, const ValueAxis& axis) {
    if (options.y_grid) return {options.y_grid->step, std::max(options.y_grid->label_factor, 1)};
    return options.alt_y_grid ? alternative_steps(options, axis) : classic_steps(options, axis);
}

// Line numbers from the lowest to the highest that lie in the range.
struct LineNumbers {
    double first;
    double last;
};

LineNumbers lines_inside(const Steps& steps, const ValueRange& range) {
    constexpr double kTolerance = 1e-6;  // of a step: a line at the very end is inside
    return {std::ceil(range.min / steps.step - kTolerance),
            std::floor(range.max / steps.step + kTolerance)};
}

// Not so for a range that is only a few of its doubles wide.
bool can_be_counted(const LineNumbers& lines, int height_px) {
    return std::max(std::abs(lines.first), std::abs(lines.last)) <= kLineNumberMax &&
           lines.last - lines.first <= height_px;
}

// A range that is narrow beside its values may lie between two lines of the finest classic grid:
// that is divided by ten until two lines are inside.
Steps refined(Steps steps, const GraphOptions& options, const ValueAxis& axis) {
    constexpr int kDivisionsMax = 12;
    for (int i = 0; i < kDivisionsMax; ++i) {
        const LineNumbers lines = lines_inside(steps, axis.range);
        if (lines.last - lines.first >= 1) break;
        const double distance = steps.step / 10 * pixels_per_value(options, axis);
        steps = {steps.step / 10, distance >= label_distance_px(options) ? 1 : 5};
    }
    return steps;
}

// One label alone gives no scale: then the highest line gets one too and is a major one, as in
// rrdtool, or the lowest where the highest is too near; without any label both get one.
void ensure_two_labels(const GraphOptions& options, const ValueAxis& axis, double step,
                       ValueGrid& grid) {
    std::vector<ValueLine>& lines = grid.lines;
    const auto labelled = std::ranges::count_if(lines, &ValueLine::labelled);
    if (labelled >= 2 || lines.size() < 2) return;
    grid.label_step = step;
    if (labelled == 0) {
        lines.front().labelled = true;
        lines.back().labelled = true;
        return;
    }
    const auto alone = std::ranges::find_if(lines, &ValueLine::labelled);
    const double above_px = (lines.back().value - alone->value) * pixels_per_value(options, axis);
    if (above_px >= label_distance_px(options)) {
        lines.back().labelled = true;
        lines.back().major = true;
    } else {
        lines.front().labelled = true;
    }
}

}  // namespace

double label_distance_px(const GraphOptions& options) {
    return kLabelDistanceMin * options.fonts[static_cast<std::size_t>(FontTag::kAxis)].size_pt;
}

ValueGrid linear_grid(const GraphOptions& options, const ValueAxis& axis) {
    ValueGrid grid;
    Steps steps = chosen_steps(options, axis);
    if (!(steps.step > 0) || !std::isfinite(steps.step)) return grid;
    if (!options.y_grid) steps = refined(steps, options, axis);
    if (!(steps.step > 0)) return grid;
    while (steps.step * pixels_per_value(options, axis) < 2) steps.step *= 10;
    const LineNumbers lines = lines_inside(steps, axis.range);
    if (!can_be_counted(lines, options.height_px)) return grid;
    grid.line_step = steps.step;
    grid.label_step = steps.step * steps.label_factor;
    for (double line = lines.first; line <= lines.last; ++line) {
        const bool major = std::fmod(line, steps.label_factor) == 0;
        if (!major && options.no_minor) continue;
        grid.lines.push_back({.value = line * steps.step, .major = major, .labelled = major});
    }
    ensure_two_labels(options, axis, steps.step, grid);
    return grid;
}

}  // namespace kurabe::render
