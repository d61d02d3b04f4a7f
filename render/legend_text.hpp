// Legend texts as the graph language writes them: tabs, and a marker at the end.
// Rule: rrdgraph_graph(1), "NOTES on legend arguments".
#pragma once

#include <string>
#include <string_view>

#include "render/evaluated.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// "\t" becomes a tab, a marker at the end the entry's control, "\g" also drops blanks before it.
// kInvalid for another letter after a backslash at the end. The swatch stays empty.
[[nodiscard]] Result<LegendEntry> parse_legend_text(std::string_view text);

}  // namespace kurabe::render
