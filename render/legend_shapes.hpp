// The legend as shapes: its texts and the boxes in front of them, or samples of lines in front of
// those about a second range.
#pragma once

#include "render/decorations.hpp"

namespace kurabe::render {

// With --dynamic-labels a stroke like the element's own stands in the place of its box.
void append_legend(const Surroundings& around, const EvaluatedGraph& graph, DisplayList& list);

}  // namespace kurabe::render
