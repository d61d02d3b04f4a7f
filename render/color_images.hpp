// Pictures of texts of several colours, as Cairo paints them.
#pragma once

#include <functional>
#include <span>

#include "render/geometry.hpp"
#include "render/raster.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// What `paint` leaves on an empty surface whose pixel (0, 0) is the box's upper left one. `colors`
// are those that it paints with, first the context's: pixels of one of them have exactly that one,
// in so many levels of coverage, which keeps a picture's palette small. Empty as painted_mask() is.
[[nodiscard]] ColorImage painted_image(const PixelBox& box, int levels,
                                       std::span<const Color> colors,
                                       const std::function<void(cairo_t*)>& paint);

// The image turned to the left, so that its text reads upwards.
[[nodiscard]] ColorImage turned(const ColorImage& image);

}  // namespace kurabe::render
