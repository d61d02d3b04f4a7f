// The lines and areas of a definition, and which of them stand on each other.
// Rule: rrdgraph_graph(1), STACK.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "render/graph_definition.hpp"

namespace kurabe::render {

// What a line and an area have in common, and what only a line has.
struct StackLayer {
    std::size_t element = 0;                // in the definition
    std::size_t number = 0;                 // among all lines and areas
    const ValueReference* value = nullptr;  // the element's
    std::optional<Color> color;
    double width_px = 0;  // none of an area
    bool is_line = false;
    bool dashed = false;
    bool skip_scale = false;
    bool has_legend = false;

    [[nodiscard]] bool is_drawn() const { return color && (!is_line || width_px > 0); }
};

// From the lowest layer on; of one layer when it stands alone.
using Stack = std::vector<StackLayer>;

// All lines and areas in their order. `definition` must outlive the result.
[[nodiscard]] std::vector<Stack> stacks_of(const GraphDefinition& definition);

}  // namespace kurabe::render
