// Display lists on any surface of Cairo's.
#pragma once

#include "render/display_list.hpp"
#include "render/fonts.hpp"

namespace kurabe::render {

// The fonts that texts were measured with, and those whose letters are painted.
struct PaintedFonts {
    Fonts& of_layout;
    Fonts& of_letters;
};

// Paints `list` from its beginning, over what is there. Texts take the room that they have in the
// layout.
void paint(const DisplayList& list, PaintedFonts fonts, cairo_t* cairo);

}  // namespace kurabe::render
