// The y axis: the range of values a plot shows, its unit, and the horizontal grid with labels.
// Rule: rrdgraph(1), "Limits", "Grid & Axis"; measured on rrdtool 1.7.2 and compared with it in
// tests/render/rrdtool_geometry_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/evaluated.hpp"
#include "render/graph_definition.hpp"

namespace kurabe::render {

struct ValueRange {
    Value min = 0;
    Value max = 1;  // > min
    bool operator==(const ValueRange&) const = default;
};

// What the axis shows: a label is its value / unit, followed by the unit's symbol.
struct ValueAxis {
    ValueRange range;
    double magnitude = 1;  // the power of the base that the largest value has
    double unit = 1;
    char symbol = ' ';  // "k", "M", "m"...; ' ' for 1, '?' where no letter exists
};

struct YLine {
    Value value = 0;
    bool major = false;
    std::string label;  // empty = none
    bool operator==(const YLine&) const = default;
};

// Smallest and largest drawn value that counts for the scale; none when nothing is known.
[[nodiscard]] std::optional<ValueRange> drawn_range(const EvaluatedGraph& graph);

// Applies limits, chooses the unit and widens the range to round numbers.
[[nodiscard]] ValueAxis fit_value_axis(const GraphOptions& options,
                                       const std::optional<ValueRange>& drawn);

// Grid lines from the lowest to the highest, at most one for each pixel row; labels have as many
// decimals as tell them apart. Empty with no_y_grid.
[[nodiscard]] std::vector<YLine> y_grid(const GraphOptions& options, const ValueAxis& axis);

}  // namespace kurabe::render
