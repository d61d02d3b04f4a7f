// An image surface for one painting.
#include "render/painted_surface.hpp"

#include "render/cairo_handles.hpp"

namespace kurabe::render {

bool paint_surface(SurfaceKind kind, const PixelBox& box,
                   const std::function<void(cairo_t*)>& paint,
                   const std::function<void(const unsigned char* row)>& on_row) {
    const cairo_format_t format =
        kind == SurfaceKind::kCoverage ? CAIRO_FORMAT_A8 : CAIRO_FORMAT_ARGB32;
    const int height = box.bottom - box.top;
    const CairoSurface surface(cairo_image_surface_create(format, box.right - box.left, height));
    const CairoContext cairo(cairo_create(surface.get()));
    cairo_translate(cairo.get(), -box.left, -box.top);
    cairo_set_antialias(cairo.get(), CAIRO_ANTIALIAS_GRAY);
    paint(cairo.get());
    cairo_surface_flush(surface.get());
    if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) return false;
    const int stride = cairo_image_surface_get_stride(surface.get());
    const unsigned char* const data = cairo_image_surface_get_data(surface.get());
    for (int y = 0; y < height; ++y) on_row(data + std::ptrdiff_t{y} * stride);
    return true;
}

}  // namespace kurabe::render
