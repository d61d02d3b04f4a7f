// The texts of a value axis' labels.
// Rule: rrdgraph(1), "Y-Axis"; where rrdtool's own format would say two labels alike or a wrong
// number, they have more decimals.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/value_grid.hpp"

namespace kurabe::render {

// One text for each line of the grid, empty where it has no label.
[[nodiscard]] std::vector<std::string> left_labels(const GraphOptions& options,
                                                   const ValueAxis& axis, const ValueGrid& grid);

// Of the right axis, which the graph must have.
[[nodiscard]] std::vector<std::string> right_labels(const GraphOptions& options,
                                                    const ValueAxis& axis, const ValueGrid& grid);

}  // namespace kurabe::render
