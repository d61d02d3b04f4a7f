// What the parsers of elements share, and the parsers themselves, one for each kind of element.
// Used by parse_elements.cpp only. Rule: rrdgraph_graph(1).
#pragma once

#include <string>
#include <string_view>

#include "render/element_fields.hpp"
#include "render/parse_elements.hpp"
#include "store/result.hpp"

namespace kurabe::render {

using Parsed = Result<Element>;

[[nodiscard]] std::unexpected<Error> invalid_element(std::string message);
[[nodiscard]] std::unexpected<Error> unused_field(std::string_view field,
                                                  const ElementFields& fields);
// A legend that a marker ends, and nothing else wrong with it.
[[nodiscard]] Result<std::string> checked_legend(std::string legend);

// `fields` behind the function's name.

// ---- parse_drawn_elements.cpp ----

// `width`: what stands behind "LINE"; may be empty.
[[nodiscard]] Parsed parse_line(ElementFields& fields, std::string_view width,
                                const ElementContext& context);
[[nodiscard]] Parsed parse_area(ElementFields& fields, const ElementContext& context);
[[nodiscard]] Parsed parse_stack(ElementFields& fields, const ElementContext& context);
[[nodiscard]] Parsed parse_horizontal_rule(ElementFields& fields, const ElementContext& context);
[[nodiscard]] Parsed parse_vertical_rule(ElementFields& fields, const ElementContext& context);
[[nodiscard]] Parsed parse_tick(ElementFields& fields, const ElementContext& context);

// ---- parse_text_elements.cpp ----

[[nodiscard]] Parsed parse_print(ElementFields& fields, const ElementContext& context,
                                 bool in_graph);
[[nodiscard]] Parsed parse_comment(ElementFields& fields);
[[nodiscard]] Parsed parse_text_align(ElementFields& fields);

// ---- parse_other_elements.cpp ----

[[nodiscard]] Parsed parse_shift(ElementFields& fields, const ElementContext& context);
[[nodiscard]] Parsed parse_export(ElementFields& fields, const ElementContext& context);

}  // namespace kurabe::render
