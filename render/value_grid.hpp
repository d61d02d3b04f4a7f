// Where the horizontal grid lines stand, and which have labels.
// Rule: rrdgraph(1), "Y-Axis"; measured on rrdtool 1.7.2 and compared with it in
// tests/render/rrdtool_geometry_test.cpp and rrdtool_scale_test.cpp.
#pragma once

#include <vector>

#include "render/graph_definition.hpp"
#include "render/value_axis.hpp"

namespace kurabe::render {

struct ValueLine {
    Value value = 0;
    bool major = false;
    bool labelled = false;
};

enum class LabelSpacing { kEqualSteps, kPowers };

struct ValueGrid {
    std::vector<ValueLine> lines;  // from the lowest to the highest, at most one for each pixel row
    LabelSpacing spacing = LabelSpacing::kEqualSteps;
    double line_step = 1;   // distance of lines, for equal steps
    double label_step = 1;  // distance of labels, for equal steps
};

// The smallest distance of two labels in pixels, from the size of their font.
[[nodiscard]] double label_distance_px(const GraphOptions& options);

// Lines at multiples of a step: --y-grid, --alt-y-grid or the automatic one. At least two labels
// unless there are less than two lines; no lines in a range of a few doubles.
[[nodiscard]] ValueGrid linear_grid(const GraphOptions& options, const ValueAxis& axis);

// Lines at powers of ten and between them. A narrow range that has not two labels of these has
// those of linear_grid; a wide one has labels at its first and last line too.
[[nodiscard]] ValueGrid logarithmic_grid(const GraphOptions& options, const ValueAxis& axis);

}  // namespace kurabe::render
