// The lines of a graph's title.
// Rule: rrdgraph(1), --title; three lines at most, measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"

namespace kurabe::render {

inline constexpr std::size_t kTitleLinesMax = 3;

// One at least, of options.title. rrdtool does not show what comes behind the third; here an
// ellipsis stands for it.
[[nodiscard]] std::vector<std::string> title_lines(const GraphOptions& options);

}  // namespace kurabe::render
