// Bands behind the data and marks above it, with their labels inside the plot's upper part.
#pragma once

#include "render/decorations.hpp"
#include "render/display_list.hpp"

namespace kurabe::render {

void append_bands(const Surroundings& around, DisplayList& list);
// The marks' lines, and the labels of marks and bands: in rows, none over another; one that has no
// room is left out.
void append_marks(const Surroundings& around, DisplayList& list);

}  // namespace kurabe::render
