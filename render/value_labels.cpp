// Chooses the unit and the decimals that the labels of an axis need, and writes them.
#include "render/value_labels.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "render/axis_format.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

namespace {

inline constexpr int kDecimalsMax = 9;
inline constexpr double kLabelError = 0.01;  // of the distance of two labels, or of a power's value

// What the labels of one axis say.
struct Labels {
    std::vector<Value> values;
    ValueRange range;  // of the axis
    double line_step;  // distance of lines; not used for powers
    double step;       // distance of labels; not used for powers
};

Labels labels_of(const ValueGrid& grid, const ValueRange& range, const RightAxis& axis) {
    const auto& [scale, shift] = axis;
    const auto [low, high] = std::minmax({range.min * scale + shift, range.max * scale + shift});
    Labels labels{.values = {},
                  .range = {low, high},
                  .line_step = grid.line_step * std::abs(scale),
                  .step = grid.label_step * std::abs(scale)};
    for (const ValueLine& line : grid.lines) {
        if (line.labelled) labels.values.push_back(line.value * scale + shift);
    }
    return labels;
}

std::string fixed_text(double number, int decimals) {
    std::string text = fmt::format("{:.{}f}", number, decimals);
    const bool is_zero = text.find_first_of("123456789") == std::string::npos;
    if (is_zero && text.starts_with('-')) text.erase(0, 1);
    return text;
}

// Zero has no unit, but stands in line with the other numbers.
std::string with_symbol(std::string text, char symbol, bool is_zero) {
    return std::move(text) + ' ' + (is_zero ? ' ' : symbol);
}

// Between the picture's edge and the plot, beside the gap.
int columns_of_room(const GraphOptions& options) {
    return options.units_length + 1;
}

// ---- Labels at equal steps ----

bool are_exact(const Labels& labels, double unit, int decimals) {
    const double power = std::pow(10.0, decimals);
    return std::ranges::all_of(labels.values, [&](Value value) {
        const double shown = std::round(value / unit * power) / power * unit;
        return std::abs(shown - value) <= kLabelError * labels.step;
    });
}

// As rrdtool: one decimal when the line above the highest would be below ten, none otherwise; but
// none where negative numbers would be long, and more while labels would not say their value.
int decimals_needed(const Labels& labels, double unit, bool exact_only) {
    const bool is_short =
        (labels.range.max + labels.line_step) / unit < 10 && labels.range.min / unit > -100;
    int decimals = is_short && !exact_only ? 1 : 0;
    while (decimals < kDecimalsMax && !are_exact(labels, unit, decimals)) ++decimals;
    return decimals;
}

std::vector<std::string> step_texts(const Labels& labels, const ValueUnit& unit, bool exact_only) {
    const int decimals = decimals_needed(labels, unit.size, exact_only);
    std::vector<std::string> texts;
    for (const Value value : labels.values) {
        std::string text = fixed_text(value / unit.size, decimals);
        const bool is_zero = std::abs(value) < kLabelError * labels.step;
        texts.push_back(unit.symbol == ' ' ? text : with_symbol(text, unit.symbol, is_zero));
    }
    return texts;
}

bool are_within(const std::vector<std::string>& texts, int columns) {
    return std::ranges::all_of(texts, [columns](const std::string& text) {
        return text.size() <= static_cast<std::size_t>(columns);
    });
}

// In a smaller unit where the numbers would be too long in this: "1000.2" for "1.0002 k".
std::vector<std::string> fitting_step_texts(const GraphOptions& options, const Labels& labels,
                                            ValueUnit unit) {
    constexpr int kUnitsTried = 4;
    const int columns = columns_of_room(options);
    std::vector<std::string> first = step_texts(labels, unit, options.alt_y_grid);
    std::vector<std::string> texts = first;
    for (int i = 0; i < kUnitsTried && !are_within(texts, columns); ++i) {
        unit = unit_of(unit.size / options.base, options.base);
        texts = step_texts(labels, unit, options.alt_y_grid);
    }
    return are_within(texts, columns) ? texts : first;
}

// That of the value in the middle, as in rrdtool; but not one that makes the others long.
ValueUnit right_unit(const Labels& labels, const ValueAxis& axis, const RightAxis& right,
                     int base) {
    const Value middle = (axis.range.min + axis.range.max) / 2 * right.scale + right.shift;
    const ValueUnit unit = unit_of(middle, base);
    const double largest = labels.range.largest();
    return middle == 0 || largest > base * unit.size ? unit_of(largest, base) : unit;
}

// ---- Labels at powers ----

bool say_their_values(const std::vector<Value>& values, const std::vector<double>& shown) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::abs(shown[i] - values[i]) > kLabelError * std::abs(values[i])) return false;
        if (i > 0 && shown[i] == shown[i - 1]) return false;
    }
    return true;
}

// "1e+03"; what another axis makes of such values may need decimals.
std::vector<std::string> scientific_texts(const std::vector<Value>& values) {
    std::vector<std::string> texts;
    for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
        texts.clear();
        std::vector<double> shown;
        for (const Value value : values) {
            texts.push_back(fmt::format("{:.{}e}", value, decimals));
            shown.push_back(parse_real(texts.back()).value_or(value));
        }
        if (say_their_values(values, shown)) break;
    }
    return texts;
}

// --units=si: "1 k", each with its own letter.
std::vector<std::string> si_texts(const std::vector<Value>& values) {
    constexpr int kBase = 1000;  // whatever --base says: the values are powers of ten
    std::vector<std::string> texts;
    bool any_symbol = false;
    for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
        texts.clear();
        std::vector<double> shown;
        for (const Value value : values) {
            const ValueUnit unit = unit_of(value, kBase);
            const std::string number = fixed_text(value / unit.size, decimals);
            texts.push_back(with_symbol(number, unit.symbol, value == 0));
            any_symbol = any_symbol || unit.symbol != ' ';
            shown.push_back(parse_real(number).value_or(value) * unit.size);
        }
        if (say_their_values(values, shown)) break;
    }
    if (any_symbol) return texts;
    for (std::string& text : texts) text.resize(text.size() - 2);
    return texts;
}

// ----

std::vector<std::string> given_texts(const GivenFormat& format, const Labels& labels, double unit) {
    std::vector<std::string> texts;
    for (const Value value : labels.values) texts.push_back(format.text_of(value / unit));
    return texts;
}

// The texts of the lines with labels, at their lines.
std::vector<std::string> at_lines(const ValueGrid& grid, std::vector<std::string> texts) {
    std::vector<std::string> result;
    std::size_t next = 0;
    for (const ValueLine& line : grid.lines) {
        result.push_back(line.labelled ? std::move(texts[next++]) : std::string());
    }
    return result;
}

std::vector<std::string> power_texts(const GraphOptions& options,
                                     const std::vector<Value>& values) {
    return options.si_units ? si_texts(values) : scientific_texts(values);
}

}  // namespace

std::vector<std::string> left_labels(const GraphOptions& options, const ValueAxis& axis,
                                     const ValueGrid& grid) {
    const Labels labels = labels_of(grid, axis.range, {.scale = 1, .shift = 0});
    const bool powers = grid.spacing == LabelSpacing::kPowers;
    const auto given =
        GivenFormat::of(options.left_axis_format, labels.step, columns_of_room(options));
    if (given) {
        const bool in_unit = given->is_numeric() && !powers;
        return at_lines(grid, given_texts(*given, labels, in_unit ? axis.unit.size : 1));
    }
    if (powers) return at_lines(grid, power_texts(options, labels.values));
    return at_lines(grid, options.units_exponent ? step_texts(labels, axis.unit, options.alt_y_grid)
                                                 : fitting_step_texts(options, labels, axis.unit));
}

std::vector<std::string> right_labels(const GraphOptions& options, const ValueAxis& axis,
                                      const ValueGrid& grid) {
    const RightAxis& right = *options.right_axis;
    const Labels labels = labels_of(grid, axis.range, right);
    const auto given =
        GivenFormat::of(options.right_axis_format, labels.step, columns_of_room(options));
    if (given) return at_lines(grid, given_texts(*given, labels, 1));
    if (grid.spacing == LabelSpacing::kPowers) {
        return at_lines(grid, power_texts(options, labels.values));
    }
    const ValueUnit unit = right_unit(labels, axis, right, options.base);
    return at_lines(grid, fitting_step_texts(options, labels, unit));
}

}  // namespace kurabe::render
