// Areas and lines with smooth edges: in slope mode, which connects values instead of stepping
// between them, and where nothing is fitted to pixels.
#pragma once

#include "render/plot_shapes.hpp"

namespace kurabe::render {

// The area has a colour. A gradient has `gradient_colors`.
void append_smooth_area(const EvaluatedArea& area, const PlotScale& scale,
                        const GraphOptions& options, int gradient_colors, DisplayList& list);

// The line has a colour.
void append_smooth_line(const EvaluatedLine& line, const PlotScale& scale,
                        const GraphOptions& options, DisplayList& list);

}  // namespace kurabe::render
