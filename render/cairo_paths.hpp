// The smooth shapes of a display list on a Cairo context, in its colour.
#pragma once

#include "render/display_list.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// A line of very many dashes is drawn solid.
void stroke(const Polyline& line, cairo_t* cairo);
void fill(const FilledPolygon& polygon, cairo_t* cairo);
// Makes its outline the context's path.
void trace(const FilledPolygon& polygon, cairo_t* cairo);

}  // namespace kurabe::render
