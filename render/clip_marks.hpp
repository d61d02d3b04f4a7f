// Marks at the plot's edge where a scale that ends at given values cuts data off.
// Our own; rrdtool shows nothing there.
#pragma once

#include "render/display_list.hpp"
#include "render/evaluated.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {

// A bar over the columns with values beyond a limit and a small arrow that points outward, at the
// upper and the lower edge, for what counts for the scale. Nothing where the data decides on the
// scale's end.
void append_clip_marks(const EvaluatedGraph& graph, const PlotScale& scale,
                       const GraphOptions& options, DisplayList& list);

}  // namespace kurabe::render
