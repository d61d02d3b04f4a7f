// Drawing with any number of colours, for the few pictures that have more than a palette holds.
#pragma once

#include <cstddef>
#include <cstdint>

#include "render/pixel_raster.hpp"
#include "render/pixels.hpp"

namespace kurabe::render {

class TrueColorSurface {
  public:
    using Pixel = std::uint32_t;  // 0xTTRRGGBB

    explicit TrueColorSurface(ImageSize size);

    [[nodiscard]] Pixel* row(int y) noexcept { return pixels_.rgb.data() + pixels_.index(0, y); }
    [[nodiscard]] static Pixel pixel_of(Color color) noexcept;
    [[nodiscard]] static Pixel mix(Pixel below, Color color, unsigned alpha) noexcept;
    static void mix_row(Pixel* row, const std::uint8_t* coverage, std::size_t count,
                        Color color) noexcept;
    void cover(Color color);
    [[nodiscard]] Pixels take() && { return std::move(pixels_); }

  private:
    Pixels pixels_;
};

class TrueColorRaster final : public PixelRaster<TrueColorSurface> {
  public:
    // Transparent at first.
    explicit TrueColorRaster(ImageSize size) : PixelRaster(size, TrueColorSurface(size)) {}

    [[nodiscard]] Pixels take() && { return std::move(surface()).take(); }
};

}  // namespace kurabe::render
