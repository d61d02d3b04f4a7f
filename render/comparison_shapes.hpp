// How a second range looks: dashed and pale where the first is drawn as lines, a dark dashed edge
// where it fills areas, so that eyes that see no colours tell them apart.
#pragma once

#include <array>
#include <cstddef>

#include "render/display_list.hpp"
#include "render/evaluated.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {

// Before what of the graph the second range's lines are drawn: above all areas, below the lines
// after them.
[[nodiscard]] std::size_t first_above_areas(const EvaluatedGraph& graph);

void append_comparison(const EvaluatedComparison& comparison, const PlotScale& scale,
                       const GraphOptions& options, DisplayList& list);

// The rules as they are drawn.
[[nodiscard]] std::vector<Drawn> compared_rules(const EvaluatedComparison& comparison,
                                                const GraphOptions& options);

// A piece of a line for the legend, through the middle of the box.
void append_sample(const ComparedLine& line, const PixelBox& box, const GraphOptions& options,
                   DisplayList& list);

}  // namespace kurabe::render
