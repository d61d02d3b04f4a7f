// Lines of steps, as pixels: level from the left to the right of each value's column, and upright
// where the value changes, on the pixels before the change.
#pragma once

#include "render/plot_shapes.hpp"

namespace kurabe::render {

// Appends the shapes of one line: its visible columns and nothing where values are unknown. Lines
// of a fractional width are as thick as the next whole one, and paler.
void append_step_line(const EvaluatedLine& line, const PlotScale& scale, DisplayList& list);

}  // namespace kurabe::render
