// The lines of a graph's title.
// Rule: rrdgraph(1), --title; three lines at most, measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kurabe::render {

inline constexpr std::size_t kTitleLinesMax = 3;

// One at least. rrdtool does not show what comes behind the third; here an ellipsis stands for it.
[[nodiscard]] std::vector<std::string> title_lines(std::string_view title);

}  // namespace kurabe::render
