// The value axis: the range that a plot shows, and the unit of its labels.
// Rule: rrdgraph(1), "Limits" and "Y-Axis"; measured on rrdtool 1.7.2 and compared with it in
// tests/render/rrdtool_scale_test.cpp.
#pragma once

#include <optional>

#include "render/value_range.hpp"

namespace kurabe::render {

// A power of the base and its letter.
struct ValueUnit {
    double size = 1;
    char symbol = ' ';  // "k", "M", "m"...; ' ' for 1, '?' where no letter exists
};

struct ValueAxis {
    Scaling scaling = Scaling::kLinear;
    ValueRange range;
    double magnitude = 1;  // the power of the base that the largest value has
    ValueUnit unit;        // of the labels at the left
};

// The unit in which a value has one digit or more and less than the base; one for 0.
[[nodiscard]] ValueUnit unit_of(Value value, int base);

// Applies limits, chooses the unit and widens the range: to round numbers, by a share of it or to
// lines of a given grid. A logarithmic scale is not widened.
[[nodiscard]] ValueAxis fit_value_axis(const GraphOptions& options,
                                       const std::optional<ValueRange>& drawn);

}  // namespace kurabe::render
