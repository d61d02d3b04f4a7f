// Chooses the unit and widens the range.
#include "render/value_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace kurabe::render {

namespace {

// A range's ends, in units of its magnitude, go outward to the next of these.
inline constexpr std::array kRoundNumbers = {
    1000.0, 900.0, 800.0, 750.0, 700.0, 600.0, 500.0, 400.0, 300.0, 250.0, 200.0, 125.0,
    100.0,  90.0,  80.0,  75.0,  70.0,  60.0,  50.0,  40.0,  30.0,  25.0,  20.0,  10.0,
    9.0,    8.0,   7.0,   6.0,   5.0,   4.0,   3.5,   3.0,   2.5,   2.0,   1.8,   1.5,
    1.2,    1.0,   0.8,   0.7,   0.6,   0.5,   0.4,   0.3,   0.2,   0.1};

inline constexpr std::string_view kSymbols = "yzafpnum kMGTPEZY";
inline constexpr int kSymbolOfOne = 8;

inline constexpr double kAutoscaleShare = 0.1;

// Beyond the list's ends nothing is rounded.
bool is_in_list(double value) {
    return value >= kRoundNumbers.back() && value <= kRoundNumbers.front();
}

// The nearest round number that is not smaller; but the smallest one goes to the next.
double next_larger(double value) {
    if (!is_in_list(value)) return value;
    double result = value;
    for (const double number : kRoundNumbers) {
        if (number < value || number == kRoundNumbers.back()) break;
        result = number;
    }
    return result;
}

// The nearest round number that is smaller: a line on a round number does not lie on the end of the
// scale that is the nearer one to zero, and an area of it is seen.
double next_smaller(double value) {
    if (!is_in_list(value)) return value;
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

// How many times the base is a factor of the value.
double base_digits(double value, int base) {
    return std::floor(std::log(value) / std::log(base));
}

ValueUnit unit_of_digits(double digits, int base) {
    const double position = digits + kSymbolOfOne;
    const bool has_letter = position >= 0 && position < static_cast<double>(kSymbols.size());
    return {.size = std::pow(base, digits),
            .symbol = has_letter ? kSymbols[static_cast<std::size_t>(position)] : '?'};
}

// --alt-autoscale: a tenth of the range above and below, and more for a range that is very small
// beside its values. rrdtool measures "very small" in ones, which leaves values of thousands their
// detail, but swallows those far below one (it then needs minutes for the grid): those are measured
// in their own magnitude.
ValueRange widened_by_share(const ValueAxis& axis) {
    const auto& [min, max] = axis.range;
    const double delta = max - min;
    const double largest = axis.range.largest() / axis.magnitude;
    const double finest =
        2 * std::pow(10.0, std::floor(std::log10(largest)) - 2) * std::min(axis.magnitude, 1.0);
    const double margin = delta < finest ? (finest - delta) * 0.55 : kAutoscaleShare * delta;
    return {min - margin, max + margin};
}

ValueRange widened(const GraphOptions& options, const ValueAxis& axis) {
    const auto& [min, max] = axis.range;
    const double margin = kAutoscaleShare * (max - min);
    if (options.y_grid) {
        const double step = options.y_grid->step * options.y_grid->label_factor;
        return {std::floor(min / step) * step, std::ceil(max / step) * step};
    }
    if (options.alt_autoscale) return widened_by_share(axis);
    if (options.alt_autoscale_min) return {min - margin, max};
    if (options.alt_autoscale_max) return {min, max + margin};
    return {round_down(min / axis.magnitude) * axis.magnitude,
            round_up(max / axis.magnitude) * axis.magnitude};
}

}  // namespace

ValueUnit unit_of(Value value, int base) {
    if (value == 0) return {};
    constexpr double kTolerance = 1e-9;  // 1e9 has three digits, whatever its logarithm says
    const double digits = base_digits(std::abs(value) * (1 + kTolerance), base);
    return unit_of_digits(digits, base);
}

ValueAxis fit_value_axis(const GraphOptions& options, const std::optional<ValueRange>& drawn) {
    ValueAxis axis;
    axis.scaling = scaling_of(options);
    axis.range = limited_range(options, drawn);
    const double digits = base_digits(axis.range.largest(), options.base);
    const double unit_digits = options.units_exponent ? *options.units_exponent / 3 : digits;
    axis.magnitude = std::pow(options.base, digits);
    axis.unit = unit_of_digits(unit_digits, options.base);
    const bool fixed = options.rigid && !options.allow_shrink;
    if (fixed || options.logarithmic) return axis;
    const ValueRange wide = clipped(options, widened(options, axis));
    if (std::isfinite(wide.max - wide.min) && wide.min < wide.max) axis.range = wide;
    return axis;
}

}  // namespace kurabe::render
