// A picture that says in words why there is no graph.
#pragma once

#include <string_view>

#include "render/display_list.hpp"
#include "render/graph_definition.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// In the theme's colours. The title on top, the message below, broken between words (or anywhere in
// a word that is wider than the picture); what has no room ends in an ellipsis.
[[nodiscard]] DisplayList lay_out_message(ImageSize size, std::string_view title,
                                          std::string_view message, Theme theme,
                                          TextMeasurer& measurer);

}  // namespace kurabe::render
