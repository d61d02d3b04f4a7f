// From the layout's pixels to the picture's: the layout of a graph is the same at any zoom, and a
// picture of more pixels is a sharper one.
#pragma once

#include <cmath>

#include "render/display_list.hpp"
#include "render/geometry.hpp"
#include "render/graph_definition.hpp"

namespace kurabe::render {

// A vector picture is laid out on so fine a grid that its corners are where the data is.
inline constexpr double kVectorResolution = 8;

// The pixels of the display list for each of the layout, along each side.
[[nodiscard]] constexpr double resolution_of(const GraphOptions& options) noexcept {
    return is_vector(options.format) ? kVectorResolution : options.zoom;
}

// How many values of a series are drawn in a plot of that width in the layout: one for each pixel
// column of the picture, but between points that slopes connect there is nothing to see.
[[nodiscard]] int drawn_columns(const GraphOptions& options, int width_px) noexcept;

// The edge between pixels that is next to an edge of the layout's.
[[nodiscard]] inline int scaled(int edge_px, double scale) noexcept {
    return static_cast<int>(std::lround(edge_px * scale));
}
[[nodiscard]] PixelBox scaled(const PixelBox& box, double scale) noexcept;
[[nodiscard]] PlotRectangle scaled(const PlotRectangle& plot, double scale) noexcept;
// rrdtool's size of a zoomed picture: a last part of a pixel is left out.
[[nodiscard]] ImageSize scaled(ImageSize size, double scale) noexcept;

// The pixels across a line that is one pixel of the layout thick.
[[nodiscard]] inline int line_px(double scale) noexcept {
    return static_cast<int>(std::ceil(scale));
}

[[nodiscard]] Dashes scaled(Dashes dashes, double scale);

// Everything larger, on whole pixels again. Thin lines get the whole pixels that come next to
// their width, and the part of their colour that is missing from it.
[[nodiscard]] DisplayList scaled(DisplayList list, double scale);

}  // namespace kurabe::render
