// Colours of a definition's series: a palette in their place, and what a dark canvas hides.
// Our own; distances for eyes that lack one kind of cone are held in
// tests/render/series_colors_test.cpp.
#pragma once

#include <array>
#include <cstddef>

#include "render/color.hpp"
#include "render/graph_definition.hpp"

namespace kurabe::render {

inline constexpr std::size_t kPaletteSize = 8;

// Colours that all eyes tell from each other and from the canvas, of which there is a set for light
// ones and one for dark ones.
[[nodiscard]] std::array<Color, kPaletteSize> safe_palette(Color canvas);

// Contrast of two colours as WCAG 2 defines it: 1 to 21. Alpha does not count.
[[nodiscard]] double contrast(Color one, Color other);

// Whether what is to be seen on such a canvas must be light.
[[nodiscard]] bool is_dark(Color canvas);

// As the definition's options say: gives each variable that lines or areas show a colour of the
// palette, in their order (paler ones after the last); rules and ticks keep theirs. On a dark
// theme's canvas colours that would not be seen are made lighter.
void choose_series_colors(GraphDefinition& definition);

}  // namespace kurabe::render
