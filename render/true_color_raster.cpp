// Pixels of any colour.
#include "render/true_color_raster.hpp"

#include <algorithm>

#include "render/mixing.hpp"

namespace kurabe::render {

TrueColorSurface::TrueColorSurface(ImageSize size) {
    pixels_.size = size;
    pixels_.rgb.assign(
        static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px),
        kTransparent);
}

std::uint32_t TrueColorSurface::pixel_of(Color color) noexcept {
    return rgb_of(color);
}

std::uint32_t TrueColorSurface::mix(Pixel below, Color color, unsigned alpha) noexcept {
    return mixed(below, rgb_of(color), alpha);
}

void TrueColorSurface::mix_row(Pixel* row, const std::uint8_t* coverage, std::size_t count,
                               Color color) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (coverage[i] != 0) row[i] = mix(row[i], color, share_of(color, coverage[i]));
    }
}

void TrueColorSurface::cover(Color color) {
    std::ranges::fill(pixels_.rgb, mixed(kTransparent, rgb_of(color), color.alpha));
}

template class PixelRaster<TrueColorSurface>;

}  // namespace kurabe::render
