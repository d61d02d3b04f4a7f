// The horizontal grid of a plot, with the labels of both value axes.
// Rule: rrdgraph(1), "Y-Axis"; the steps stand in value_range.hpp, value_axis.hpp, value_grid.hpp
// and value_labels.hpp.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/value_axis.hpp"

namespace kurabe::render {

struct YLine {
    Value value = 0;
    bool major = false;
    std::string label;        // empty = none
    std::string right_label;  // of the right axis
    bool operator==(const YLine&) const = default;
};

// Grid lines from the lowest to the highest, at most one for each pixel row; labels have as many
// decimals as tell them apart. Empty with no_y_grid.
[[nodiscard]] std::vector<YLine> y_grid(const GraphOptions& options, const ValueAxis& axis);

}  // namespace kurabe::render
