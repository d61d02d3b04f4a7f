// Cairo on an image surface.
#include "tests/render/cairo_reference.hpp"

#include <cstring>

#include "render/cairo_handles.hpp"
#include "render/cairo_painter.hpp"

namespace kurabe::render::testing {

Pixels painted_by_cairo(const DisplayList& list, ImageSize size, Fonts& fonts) {
    const CairoSurface surface(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width_px, size.height_px));
    const CairoContext cairo(cairo_create(surface.get()));
    paint(list, {fonts, fonts}, cairo.get());
    cairo_surface_flush(surface.get());
    Pixels pixels{size, {}};
    const int stride = cairo_image_surface_get_stride(surface.get());
    const unsigned char* row = cairo_image_surface_get_data(surface.get());
    for (int y = 0; y < size.height_px; ++y, row += stride) {
        for (int x = 0; x < size.width_px; ++x) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, row + std::size_t{4} * static_cast<std::size_t>(x), sizeof pixel);
            pixels.rgb.push_back(pixel & 0xFFFFFF);
        }
    }
    return pixels;
}

}  // namespace kurabe::render::testing
