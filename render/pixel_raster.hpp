// The fills, for memory of any kind of pixel. `Surface` has:
//
//     using Pixel;                                   an unsigned integer
//     Pixel* row(int y);                             the first pixel of a row
//     Pixel pixel_of(Color);                         of a colour that covers what is below it
//     Pixel mix(Pixel below, Color, unsigned alpha); `alpha` of 255 of the colour over a pixel
//
// Checked against a plain pixel by pixel version in tests/render/pixels_test.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "render/raster.hpp"

namespace kurabe::render {

template <typename Surface>
class PixelRaster : public Raster {
  public:
    void fill(const FilledBox& box) override { fill_box(box.box, box.color); }
    void fill(const ColumnArea& area) override;
    void fill(const GridLine& line) override;
    void fill(const Mask& mask, int x, int y, Color color) override;
    void fill(const ColorImage& image, int x, int y) override;

  protected:
    PixelRaster(ImageSize size, Surface surface) : Raster(size), surface_(std::move(surface)) {}
    [[nodiscard]] Surface& surface() noexcept { return surface_; }

  private:
    using Pixel = typename Surface::Pixel;

    void fill_box(const PixelBox& box, Color color);
    [[nodiscard]] PixelBox measure(const ColumnArea& area);

    Surface surface_;
    // Of the area that is being filled, by column: rows from its uppermost one on.
    std::vector<std::int16_t> tops_;
    std::vector<std::int16_t> bottoms_;
};

template <typename Surface>
void PixelRaster<Surface>::fill_box(const PixelBox& box, Color color) {
    const PixelBox inside = cut(box);
    if (inside.empty() || color.alpha == 0) return;
    for (int y = inside.top; y < inside.bottom; ++y) {
        Pixel* const row = surface_.row(y);
        if (color.alpha == 255) {
            std::fill(row + inside.left, row + inside.right, surface_.pixel_of(color));
            continue;
        }
        for (int x = inside.left; x < inside.right; ++x) {
            row[x] = surface_.mix(row[x], color, color.alpha);
        }
    }
}

// Fills tops_ and bottoms_ of the columns in the clip box; gives the box they lie in.
template <typename Surface>
PixelBox PixelRaster<Surface>::measure(const ColumnArea& area) {
    const auto width = static_cast<int>(area.columns.size());
    PixelBox box = cut({area.left, clip().top, area.left + width, clip().bottom});
    if (box.empty()) return box;
    const auto columns = std::span(area.columns)
                             .subspan(static_cast<std::size_t>(box.left - area.left),
                                      static_cast<std::size_t>(box.right - box.left));
    int top = box.bottom;
    int bottom = box.top;
    for (const RowSpan& rows : columns) {
        if (rows.top >= rows.bottom) continue;
        top = std::min(top, rows.top);
        bottom = std::max(bottom, rows.bottom);
    }
    box.top = std::max(box.top, top);
    box.bottom = std::min({box.bottom, bottom, box.top + kAreaRowsMax});
    if (box.empty()) return box;
    tops_.resize(columns.size());
    bottoms_.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto row_of = [&](int y) {
            return static_cast<std::int16_t>(std::clamp(y, box.top, box.bottom) - box.top);
        };
        tops_[i] = row_of(columns[i].top);
        bottoms_[i] = row_of(columns[i].bottom);
    }
    return box;
}

// Row by row: neighbours in a row are neighbours in memory, and are filled many at once.
template <typename Surface>
void PixelRaster<Surface>::fill(const ColumnArea& area) {
    if (area.color.alpha == 0) return;
    const PixelBox box = measure(area);
    const auto width = static_cast<std::size_t>(std::max(box.right - box.left, 0));
    const std::int16_t* const tops = tops_.data();
    const std::int16_t* const bottoms = bottoms_.data();
    for (int y = box.top; y < box.bottom; ++y) {
        const auto at = static_cast<std::int16_t>(y - box.top);
        Pixel* const row = surface_.row(y) + box.left;
        if (area.color.alpha == 255) {
            const Pixel pixel = surface_.pixel_of(area.color);
            for (std::size_t x = 0; x < width; ++x) {
                const bool inside = (tops[x] <= at) & (at < bottoms[x]);
                row[x] = inside ? pixel : row[x];
            }
            continue;
        }
        for (std::size_t x = 0; x < width; ++x) {
            if (tops[x] > at || at >= bottoms[x]) continue;
            row[x] = surface_.mix(row[x], area.color, area.color.alpha);
        }
    }
}

template <typename Surface>
void PixelRaster<Surface>::fill(const GridLine& line) {
    const int at = static_cast<int>(line.position);
    const int end = at + static_cast<int>(line.width_px);
    const PixelBox whole = line.upright ? PixelBox{at, line.from, end, line.to}
                                        : PixelBox{line.from, at, line.to, end};
    if (!line.dotted) return fill_box(whole, line.color);
    const PixelBox inside = cut(whole);
    if (inside.empty()) return;
    const int first = line.upright ? inside.top : inside.left;
    const int last = line.upright ? inside.bottom : inside.right;
    const int on = static_cast<int>(line.on_px);
    const int period = on + static_cast<int>(line.off_px);
    for (int along = first; along < last; ++along) {
        if ((along - line.from) % period >= on) continue;
        fill_box(line.upright ? PixelBox{inside.left, along, inside.right, along + 1}
                              : PixelBox{along, inside.top, along + 1, inside.bottom},
                 line.color);
    }
}

template <typename Surface>
void PixelRaster<Surface>::fill(const Mask& mask, int x, int y, Color color) {
    const PixelBox place = {.left = x + mask.left,
                            .top = y + mask.top,
                            .right = x + mask.left + mask.width,
                            .bottom = y + mask.top + mask.height};
    const PixelBox inside = cut(place);
    for (int at = inside.top; at < inside.bottom; ++at) {
        const std::uint8_t* const coverage =
            mask.coverage.data() + std::ptrdiff_t{at - place.top} * mask.width;
        Pixel* const row = surface_.row(at);
        for (int column = inside.left; column < inside.right; ++column) {
            const unsigned covered = coverage[column - place.left];
            if (covered == 0) continue;
            row[column] = surface_.mix(row[column], color, (covered * color.alpha + 127) / 255);
        }
    }
}

template <typename Surface>
void PixelRaster<Surface>::fill(const ColorImage& image, int x, int y) {
    const PixelBox place = {.left = x + image.left,
                            .top = y + image.top,
                            .right = x + image.left + image.width,
                            .bottom = y + image.top + image.height};
    const PixelBox inside = cut(place);
    for (int at = inside.top; at < inside.bottom; ++at) {
        const Color* const colors =
            image.pixels.data() + std::ptrdiff_t{at - place.top} * image.width;
        Pixel* const row = surface_.row(at);
        for (int column = inside.left; column < inside.right; ++column) {
            const Color color = colors[column - place.left];
            if (color.alpha == 0) continue;
            row[column] = surface_.mix(row[column], color, color.alpha);
        }
    }
}

}  // namespace kurabe::render
