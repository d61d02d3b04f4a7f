// What a picture shows and where, as JSON: for pages that put something over it, or ask what a
// pixel means. Our own; documented in docs/graph.md, "Layout as JSON".
#pragma once

#include <string>

#include "render/evaluated.hpp"
#include "render/layout.hpp"

namespace kurabe::render {

// One object in one line, with a line end.
[[nodiscard]] std::string layout_json(const GraphOptions& options, const EvaluatedGraph& graph,
                                      const Layout& layout);

}  // namespace kurabe::render
