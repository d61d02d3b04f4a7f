// The texts of what is drawn or printed -> elements. Used by the graph parser only.
// Rule: rrdgraph_graph(1). Free texts (comments, formats, legends) may hold colons that are not
// escaped, where rrdtool reports "Unused Arguments".
#pragma once

#include <span>
#include <string_view>

#include "render/graph_definition.hpp"
#include "render/variable_names.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

struct ElementContext {
    const VariableNames& names;
    std::span<const Element> before;  // for the deprecated STACK element
    std::size_t variables_before;
    const store::TimeZone& zone;
};

// `argument` with the function's name ("LINE2", "GPRINT").
[[nodiscard]] Result<Element> parse_element(std::string_view argument,
                                            const ElementContext& context);

}  // namespace kurabe::render
