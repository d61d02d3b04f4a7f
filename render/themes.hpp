// Looks of a picture under one name: the ten colours, the border, and what they ask of the colours
// that a definition brings.
// Kurado's are those of its pages; rrdtool's the defaults of rrdgraph(1); light and dark our own.
#pragma once

#include <array>
#include <string_view>

#include "render/graph_definition.hpp"
#include "store/result.hpp"

namespace kurabe::render {

struct ThemeLook {
    std::array<Color, kColorTagCount> colors;
    int border_px;
};
[[nodiscard]] ThemeLook look_of(Theme theme);

// kInvalid lists the names.
[[nodiscard]] Result<Theme> parse_theme(std::string_view name);

}  // namespace kurabe::render
