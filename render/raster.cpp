// Loops over pixels.
#include "render/raster.hpp"

#include <algorithm>
#include <cstddef>

namespace kurabe::render {

namespace {

// `above` over `below` with `alpha` of 255, rounded to the nearest of 255 steps.
std::uint32_t blend(std::uint32_t below, std::uint32_t above, std::uint32_t alpha) noexcept {
    std::uint32_t mixed = 0;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const std::uint32_t low = below >> shift & 0xFF;
        const std::uint32_t high = above >> shift & 0xFF;
        mixed |= (low * (255 - alpha) + high * alpha + 127) / 255 << shift;
    }
    return mixed;
}

// Blends runs of equal pixels: remembers the last pixel's answer, as neighbours are mostly equal.
class Blender {
  public:
    explicit Blender(Color color) : color_(rgb_of(color)) {}

    [[nodiscard]] std::uint32_t over(std::uint32_t below, std::uint32_t alpha) noexcept {
        if (alpha == 255) return color_;
        if (below != below_ || alpha != alpha_) {
            below_ = below;
            alpha_ = alpha;
            mixed_ = blend(below, color_, alpha);
        }
        return mixed_;
    }

  private:
    std::uint32_t color_;
    std::uint32_t below_ = 0xFF000000;  // no pixel has this value
    std::uint32_t alpha_ = 0;
    std::uint32_t mixed_ = 0;
};

}  // namespace

Raster::Raster(ImageSize size, Pixels reused) : pixels_(std::move(reused)) {
    pixels_.size = size;
    pixels_.rgb.assign(
        static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px), 0);
    set_clip(std::nullopt);
}

void Raster::set_clip(const std::optional<PixelBox>& box) {
    clip_ = {.left = 0, .top = 0, .right = pixels_.size.width_px, .bottom = pixels_.size.height_px};
    if (box) clip_ = cut(*box);
}

PixelBox Raster::cut(PixelBox box) const noexcept {
    return {.left = std::max(box.left, clip_.left),
            .top = std::max(box.top, clip_.top),
            .right = std::min(box.right, clip_.right),
            .bottom = std::min(box.bottom, clip_.bottom)};
}

void Raster::fill_box(PixelBox box, Color color) {
    const PixelBox inside = cut(box);
    if (inside.empty() || color.alpha == 0) return;
    Blender blender(color);
    for (int y = inside.top; y < inside.bottom; ++y) {
        const auto first =
            pixels_.rgb.begin() + static_cast<std::ptrdiff_t>(pixels_.index(inside.left, y));
        const auto last = first + (inside.right - inside.left);
        if (color.alpha == 255) {
            std::fill(first, last, rgb_of(color));
        } else {
            std::transform(first, last, first,
                           [&](std::uint32_t below) { return blender.over(below, color.alpha); });
        }
    }
}

void Raster::fill(const FilledBox& box) {
    fill_box(box.box, box.color);
}

// Neighbouring columns with equal spans become one box.
void Raster::fill(const ColumnArea& area) {
    std::size_t begin = 0;
    while (begin < area.columns.size()) {
        std::size_t end = begin + 1;
        while (end < area.columns.size() && area.columns[end] == area.columns[begin]) ++end;
        fill_box({.left = area.left + static_cast<int>(begin),
                  .top = area.columns[begin].top,
                  .right = area.left + static_cast<int>(end),
                  .bottom = area.columns[begin].bottom},
                 area.color);
        begin = end;
    }
}

void Raster::fill(const GridLine& line) {
    const PixelBox whole = line.upright
                               ? PixelBox{line.position, line.from, line.position + 1, line.to}
                               : PixelBox{line.from, line.position, line.to, line.position + 1};
    if (!line.dotted) return fill_box(whole, line.color);
    const PixelBox inside = cut(whole);
    if (inside.empty()) return;
    Blender blender(line.color);
    const int first = line.upright ? inside.top : inside.left;
    const int last = line.upright ? inside.bottom : inside.right;
    for (int along = first + ((first - line.from) & 1); along < last; along += 2) {
        const std::size_t at = line.upright ? pixels_.index(line.position, along)
                                            : pixels_.index(along, line.position);
        pixels_.rgb[at] = blender.over(pixels_.rgb[at], line.color.alpha);
    }
}

void Raster::fill(const Mask& mask, int x, int y, Color color) {
    const PixelBox place = {.left = x + mask.left,
                            .top = y + mask.top,
                            .right = x + mask.left + mask.width,
                            .bottom = y + mask.top + mask.height};
    const PixelBox inside = cut(place);
    Blender blender(color);
    for (int row = inside.top; row < inside.bottom; ++row) {
        const auto row_begin =
            static_cast<std::size_t>(row - place.top) * static_cast<std::size_t>(mask.width);
        for (int column = inside.left; column < inside.right; ++column) {
            const std::uint32_t coverage =
                mask.coverage[row_begin + static_cast<std::size_t>(column - place.left)];
            if (coverage == 0) continue;
            std::uint32_t& pixel = pixels_.rgb[pixels_.index(column, row)];
            pixel = blender.over(pixel, (coverage * color.alpha + 127) / 255);
        }
    }
}

}  // namespace kurabe::render
