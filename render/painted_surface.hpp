// What Cairo paints on an empty surface, row by row, and small pictures turned to the left; for
// masks.cpp and color_images.cpp, which differ in their pixels only.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "render/geometry.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// A byte of coverage for each pixel, or four bytes of Cairo's ARGB32.
enum class SurfaceKind { kCoverage, kColors };

// Gives on_row() each row of pixels of what `paint` leaves on a surface whose pixel (0, 0) is the
// upper left one of the box, which is not empty; valid during the call. False, without a row, when
// Cairo cannot paint it: out of memory, or a path of NaNs.
[[nodiscard]] bool paint_surface(SurfaceKind kind, const PixelBox& box,
                                 const std::function<void(cairo_t*)>& paint,
                                 const std::function<void(const unsigned char* row)>& on_row);

// Rows of `width` pixels, turned so that a text in them reads upwards: rows of `height` pixels.
template <typename Pixel>
[[nodiscard]] std::vector<Pixel> turned_pixels(const std::vector<Pixel>& pixels, int width,
                                               int height) {
    std::vector<Pixel> result;
    result.reserve(pixels.size());
    for (int y = 0; y < width; ++y) {
        for (int x = 0; x < height; ++x) {
            const std::ptrdiff_t from = std::ptrdiff_t{x} * width + (width - 1 - y);
            result.push_back(pixels[static_cast<std::size_t>(from)]);
        }
    }
    return result;
}

}  // namespace kurabe::render
