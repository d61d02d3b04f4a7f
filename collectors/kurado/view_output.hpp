// What a view script of Kurado's prints: which graphs there are, and how each is drawn.
// Rule: Kurado's README, "view plugin", and Kurado::Object::Plugin; docs/plugins.md, "Kurado's
// scripts".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/plugin_text.hpp"

namespace kurabe::collectors::kurado {

inline constexpr std::size_t kViewGraphsMax = 200;  // more are passed over

struct ViewGroup {
    std::string label;
    std::vector<std::pair<std::string, std::string>> badges;  // what is shown, by its name
    std::vector<std::string> graphs;                          // keys, each once in all groups
};

// Without --graph: "#LABEL [\t KEY \t VALUE]..." begins a group, "//" a comment, other lines are
// keys of graphs. Kurado's mark for raw HTML (">||") is taken off; what follows is text.
[[nodiscard]] std::vector<ViewGroup> read_view_list(std::string_view output);

// Whose graph it is: what <%RRD ...%> means.
struct ViewPlace {
    std::string_view host;
    std::string_view plugin;  // identifier
    std::string_view name;    // of the plugin: the label of a graph that has none
};

// With --graph KEY: the label of the value axis, then arguments of rrdtool, one per line. Lines
// that are no statements of the graph language are left out and named in `complaints`.
[[nodiscard]] PageGraph read_view_graph(std::string_view output, std::string_view key,
                                        const ViewPlace& place,
                                        std::vector<std::string>& complaints);

}  // namespace kurabe::collectors::kurado
