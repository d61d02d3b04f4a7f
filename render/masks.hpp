// Coverage masks of smooth shapes, as Cairo paints them.
#pragma once

#include <functional>

#include "render/display_list.hpp"
#include "render/raster.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// What `paint` leaves on an empty surface whose pixel (0, 0) is the box's upper left one, in so
// many levels besides none: few keep a picture's palette small. Empty for an empty box, and when
// Cairo cannot paint it: out of memory, or a path of NaNs.
[[nodiscard]] Mask painted_mask(const PixelBox& box, int levels,
                                const std::function<void(cairo_t*)>& paint);

// The mask turned to the left, so that its text reads upwards.
[[nodiscard]] Mask turned(const Mask& mask);

// What of the stroke or the inside lies in `clip`; the mask's origin is the picture's.
[[nodiscard]] Mask mask_of(const Polyline& line, const PixelBox& clip);
[[nodiscard]] Mask mask_of(const FilledPolygon& polygon, const PixelBox& clip);

}  // namespace kurabe::render
