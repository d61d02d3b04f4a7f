// Cairo's pixels are multiplied by their coverage; here the colours are found again.
#include "render/color_images.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "render/cairo_handles.hpp"
#include "render/painted_surface.hpp"

namespace kurabe::render {

namespace {

int rounded_quotient(int dividend, int divisor) {
    return (dividend + divisor / 2) / divisor;
}

void set_source(Color color, cairo_t* cairo) {
    cairo_set_source_rgba(cairo, color.red / 255.0, color.green / 255.0, color.blue / 255.0,
                          color.alpha / 255.0);
}

int share_of(int of, int alpha) {
    return rounded_quotient(of * alpha, 255);
}

std::uint8_t channel(std::uint32_t pixel, int shift) {
    return static_cast<std::uint8_t>(pixel >> shift & 0xFF);
}

// Of Cairo's pixel: red, green and blue multiplied by alpha.
Color premultiplied(std::uint32_t pixel) {
    return {channel(pixel, 16), channel(pixel, 8), channel(pixel, 0), channel(pixel, 24)};
}

bool is_share_of(const Color& pixel, const Color& color) {
    const auto close = [&](int multiplied, int whole) {
        return std::abs(multiplied - share_of(whole, pixel.alpha)) <= 1;
    };
    return close(pixel.red, color.red) && close(pixel.green, color.green) &&
           close(pixel.blue, color.blue);
}

// With one of `levels` besides none of the colour's own alpha.
Color covering(Color color, int alpha, int levels) {
    const int level = std::min(rounded_quotient(alpha * levels, color.alpha), levels);
    color.alpha = static_cast<std::uint8_t>(share_of(color.alpha, level * 255 / levels));
    return color;
}

Color unmixed(const Color& pixel, int levels, std::span<const Color> colors) {
    for (const Color& color : colors) {
        if (color.alpha > 0 && is_share_of(pixel, color)) {
            return covering(color, pixel.alpha, levels);
        }
    }
    const auto whole = [&](int multiplied) {
        return static_cast<std::uint8_t>(
            std::min(rounded_quotient(multiplied * 255, pixel.alpha), 255));
    };
    return covering({whole(pixel.red), whole(pixel.green), whole(pixel.blue), 255}, pixel.alpha,
                    levels);
}

}  // namespace

ColorImage painted_image(const PixelBox& box, int levels, std::span<const Color> colors,
                         const std::function<void(cairo_t*)>& paint) {
    ColorImage image{.left = box.left,
                     .top = box.top,
                     .width = std::max(box.right - box.left, 0),
                     .height = std::max(box.bottom - box.top, 0),
                     .pixels = {}};
    if (box.empty()) return image;
    image.pixels.reserve(static_cast<std::size_t>(image.width) *
                         static_cast<std::size_t>(image.height));
    const auto paint_in_color = [&](cairo_t* cairo) {
        set_source(colors.front(), cairo);
        paint(cairo);
    };
    const auto add_row = [&](const unsigned char* row) {
        for (int x = 0; x < image.width; ++x) {
            std::uint32_t bits = 0;
            std::memcpy(&bits, row + std::ptrdiff_t{x} * 4, sizeof bits);
            const Color pixel = premultiplied(bits);
            image.pixels.push_back(pixel.alpha == 0 ? Color{0, 0, 0, 0}
                                                    : unmixed(pixel, levels, colors));
        }
    };
    const bool painted = paint_surface(SurfaceKind::kColors, box, paint_in_color, add_row);
    return painted ? image : ColorImage{};
}

ColorImage turned(const ColorImage& image) {
    return {.left = image.top,
            .top = -(image.left + image.width),
            .width = image.height,
            .height = image.width,
            .pixels = turned_pixels(image.pixels, image.width, image.height)};
}

}  // namespace kurabe::render
