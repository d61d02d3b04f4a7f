// The fills, for memory of any kind of pixel. `Surface` has:
//
//     using Pixel;                                   an unsigned integer
//     Pixel* row(int y);                             the first pixel of a row
//     Pixel pixel_of(Color);                         of a colour that covers what is below it
//     Pixel mix(Pixel below, Color, unsigned alpha); `alpha` of 255 of the colour over a pixel
//     void mix_row(Pixel*, const uint8_t*, size_t, Color);
//                                                    mixes so many pixels of a row with the
//                                                    coverage that each has, of 255 of the colour
//     void stamp(const Mask&, int x, int y, Color);  optional: the same for a whole mask that has
//                                                    an id; its first pixel lies there
//     void cover(Color);                             makes all pixels of a surface that nothing was
//                                                    drawn on the colour over nothing
//
// Checked against a plain pixel by pixel version in tests/render/pixels_test.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "render/dash_walk.hpp"
#include "render/gradient.hpp"
#include "render/mixing.hpp"
#include "render/raster.hpp"

namespace kurabe::render {

template <typename Surface>
class PixelRaster : public Raster {
  public:
    void fill(const FilledBox& box) override;
    void fill(const FilledBoxes& boxes) override;
    void fill(const ColumnArea& area) override;
    void fill(const GridLine& line) override;
    void fill(const Mask& mask, int x, int y, Color color) override;
    void fill(const ColorImage& image, int x, int y) override;
    void fill(const Mask& mask, const Gradient& gradient) override;

  protected:
    PixelRaster(ImageSize size, Surface surface) : Raster(size), surface_(std::move(surface)) {}
    [[nodiscard]] Surface& surface() noexcept { return surface_; }

  private:
    using Pixel = typename Surface::Pixel;

    void fill_box(const PixelBox& box, Color color);
    void fill_dots(const GridLine& line, PixelBox inside);
    [[nodiscard]] PixelBox measure(const ColumnArea& area);
    void fill_measured(const PixelBox& box, Color color);
    void fill_measured(const PixelBox& box, const Gradient& gradient);
    template <typename Patch, typename Value, typename Put>
    void for_each_row_inside(const Patch& patch, const std::vector<Value>& values, int x, int y,
                             const Put& put);
    template <typename Patch, typename Value, typename Put>
    void for_each_inside(const Patch& patch, const std::vector<Value>& values, int x, int y,
                         const Put& put);

    Surface surface_;
    bool is_untouched_ = true;
    // Of the area that is being filled, by column: rows from its uppermost one on.
    std::vector<std::int16_t> tops_;
    std::vector<std::int16_t> bottoms_;
};

// A gradient's columns that lie in a box.
[[nodiscard]] inline std::vector<GradientColumn> columns_of(const Gradient& gradient,
                                                            const PixelBox& box) {
    std::vector<GradientColumn> columns(static_cast<std::size_t>(box.right - box.left));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto at = static_cast<std::size_t>(box.left - gradient.left) + i;
        if (at < gradient.columns.size()) columns[i] = {gradient.columns[at], gradient.colors};
    }
    return columns;
}

// Of what lies inside `clip`: what boxes share is covered once.
[[nodiscard]] inline Mask mask_of(const FilledBoxes& boxes, const PixelBox& clip) {
    Mask mask{.id = 0,
              .left = clip.left,
              .top = clip.top,
              .width = clip.right - clip.left,
              .height = clip.bottom - clip.top,
              .coverage = {}};
    mask.coverage.resize(static_cast<std::size_t>(mask.width) *
                         static_cast<std::size_t>(mask.height));
    for (const PixelBox& box : boxes.boxes) {
        const int left = std::max(box.left, clip.left);
        const int right = std::min(box.right, clip.right);
        for (int y = std::max(box.top, clip.top); y < std::min(box.bottom, clip.bottom); ++y) {
            if (left >= right) break;
            const auto row = mask.coverage.begin() + std::ptrdiff_t{y - clip.top} * mask.width;
            std::fill(row + (left - clip.left), row + (right - clip.left), std::uint8_t{255});
        }
    }
    return mask;
}

template <typename Surface>
void PixelRaster<Surface>::fill(const FilledBox& box) {
    const bool is_first = std::exchange(is_untouched_, false);
    const bool is_whole =
        box.box == PixelBox{0, 0, size().width_px, size().height_px} && cut(box.box) == box.box;
    if (is_first && is_whole) return surface_.cover(box.color);
    fill_box(box.box, box.color);
}

template <typename Surface>
void PixelRaster<Surface>::fill(const FilledBoxes& boxes) {
    is_untouched_ = false;
    if (boxes.color.alpha < 255) return fill(mask_of(boxes, clip()), 0, 0, boxes.color);
    for (const PixelBox& box : boxes.boxes) fill_box(box, boxes.color);
}

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
    const auto row_of = [from = box.top, to = box.bottom](int y) {
        return static_cast<std::int16_t>(std::clamp(y, from, to) - from);
    };
    std::int16_t* const tops = tops_.data();
    std::int16_t* const bottoms = bottoms_.data();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const RowSpan rows = columns.data()[i];
        tops[i] = row_of(rows.top);
        bottoms[i] = row_of(rows.bottom);
    }
    return box;
}

template <typename Surface>
void PixelRaster<Surface>::fill(const ColumnArea& area) {
    is_untouched_ = false;
    const bool is_plain = area.gradient.columns.empty();
    if (is_plain && area.color.alpha == 0) return;
    const PixelBox box = measure(area);
    if (box.empty()) return;
    is_plain ? fill_measured(box, area.color) : fill_measured(box, area.gradient);
}

// Row by row: neighbours in a row are neighbours in memory, and are filled many at once.
template <typename Surface>
void PixelRaster<Surface>::fill_measured(const PixelBox& box, Color color) {
    const auto width = static_cast<std::size_t>(box.right - box.left);
    const std::int16_t* const tops = tops_.data();
    const std::int16_t* const bottoms = bottoms_.data();
    for (int y = box.top; y < box.bottom; ++y) {
        const auto at = static_cast<std::int16_t>(y - box.top);
        Pixel* const row = surface_.row(y) + box.left;
        if (color.alpha == 255) {
            const Pixel pixel = surface_.pixel_of(color);
            for (std::size_t x = 0; x < width; ++x) {
                const bool inside = (tops[x] <= at) & (at < bottoms[x]);
                row[x] = inside ? pixel : row[x];
            }
            continue;
        }
        for (std::size_t x = 0; x < width; ++x) {
            if (tops[x] > at || at >= bottoms[x]) continue;
            row[x] = surface_.mix(row[x], color, color.alpha);
        }
    }
}

template <typename Surface>
void PixelRaster<Surface>::fill_measured(const PixelBox& box, const Gradient& gradient) {
    const std::vector<GradientColumn> columns = columns_of(gradient, box);
    const std::vector<Color> colors = gradient_colors(gradient);
    for (int y = box.top; y < box.bottom; ++y) {
        const auto at = static_cast<std::int16_t>(y - box.top);
        Pixel* const row = surface_.row(y) + box.left;
        for (std::size_t x = 0; x < columns.size(); ++x) {
            if (tops_[x] > at || at >= bottoms_[x]) continue;
            const Color color = colors[columns[x].color_at(y)];
            row[x] = color.alpha == 255 ? surface_.pixel_of(color)
                                        : surface_.mix(row[x], color, color.alpha);
        }
    }
}

// Most dotted lines have a dot on every second pixel. Copies of everything: pixels are bytes, which
// compilers take for parts of any object.
template <typename Surface>
void PixelRaster<Surface>::fill_dots(const GridLine& line, const PixelBox inside) {
    const int first = line.upright ? inside.top : inside.left;
    const int skipped = (first - line.from) & 1;
    const int top = inside.top + (line.upright ? skipped : 0);
    const int left = inside.left + (line.upright ? 0 : skipped);
    const int down = line.upright ? 2 : 1;
    const int along = line.upright ? 1 : 2;
    const Color color = line.color;
    const bool covers = color.alpha == 255;
    const Pixel pixel = covers ? surface_.pixel_of(color) : Pixel{};
    for (int y = top; y < inside.bottom; y += down) {
        Pixel* const row = surface_.row(y);
        for (int x = left; x < inside.right; x += along) {
            row[x] = covers ? pixel : surface_.mix(row[x], color, color.alpha);
        }
    }
}

template <typename Surface>
void PixelRaster<Surface>::fill(const GridLine& line) {
    is_untouched_ = false;
    const int at = static_cast<int>(line.position);
    const int end = at + static_cast<int>(line.width_px);
    const PixelBox whole = line.upright ? PixelBox{at, line.from, end, line.to}
                                        : PixelBox{line.from, at, line.to, end};
    if (!line.dotted || line.off_px <= 0) return fill_box(whole, line.color);
    const PixelBox inside = cut(whole);
    if (inside.empty() || line.color.alpha == 0) return;
    if (line.on_px == 1 && line.off_px == 1) return fill_dots(line, inside);
    const int first = line.upright ? inside.top : inside.left;
    const int last = line.upright ? inside.bottom : inside.right;
    const auto put = [&](int from, int to) {
        fill_box(line.upright ? PixelBox{inside.left, from, inside.right, to}
                              : PixelBox{from, inside.top, to, inside.bottom},
                 line.color);
    };
    DashWalk walk({.on_off_px = {line.on_px, line.off_px}, .offset_px = 0});
    walk.skip(first - line.from);
    walk.parts(last - first, [&](int from, int to) { put(first + from, first + to); });
}

// Gives put(pixels, values, width, x, y) each row inside, with the small picture's values there: of
// a mask or an image that is put at (x, y).
template <typename Surface>
template <typename Patch, typename Value, typename Put>
void PixelRaster<Surface>::for_each_row_inside(const Patch& patch, const std::vector<Value>& values,
                                               int x, int y, const Put& put) {
    is_untouched_ = false;
    const PixelBox place = {.left = x + patch.left,
                            .top = y + patch.top,
                            .right = x + patch.left + patch.width,
                            .bottom = y + patch.top + patch.height};
    const PixelBox inside = cut(place);
    if (inside.empty()) return;
    const auto width = static_cast<std::size_t>(inside.right - inside.left);
    for (int at = inside.top; at < inside.bottom; ++at) {
        const Value* const row = values.data() + std::ptrdiff_t{at - place.top} * patch.width;
        put(surface_.row(at) + inside.left, row + (inside.left - place.left), width, inside.left,
            at);
    }
}

// Gives put(pixel, value, x, y) each pixel of them.
template <typename Surface>
template <typename Patch, typename Value, typename Put>
void PixelRaster<Surface>::for_each_inside(const Patch& patch, const std::vector<Value>& values,
                                           int x, int y, const Put& put) {
    for_each_row_inside(patch, values, x, y,
                        [&](Pixel* row, const Value* value, std::size_t width, int left, int at) {
                            for (std::size_t i = 0; i < width; ++i) {
                                put(row[i], value[i], left + static_cast<int>(i), at);
                            }
                        });
}

template <typename Surface>
void PixelRaster<Surface>::fill(const Mask& mask, int x, int y, Color color) {
    if constexpr (requires(Surface surface) { surface.stamp(mask, x, y, color); }) {
        const int left = x + mask.left;
        const int top = y + mask.top;
        const PixelBox place = {left, top, left + mask.width, top + mask.height};
        if (mask.id != 0 && !place.empty() && cut(place) == place) {
            is_untouched_ = false;
            return surface_.stamp(mask, left, top, color);
        }
    }
    for_each_row_inside(mask, mask.coverage, x, y,
                        [&](Pixel* row, const std::uint8_t* coverage, std::size_t width, int, int) {
                            surface_.mix_row(row, coverage, width, color);
                        });
}

template <typename Surface>
void PixelRaster<Surface>::fill(const Mask& mask, const Gradient& gradient) {
    const PixelBox box = cut({mask.left, mask.top, mask.left + mask.width, clip().bottom});
    if (box.empty()) return;
    const std::vector<GradientColumn> columns = columns_of(gradient, box);
    const std::vector<Color> colors = gradient_colors(gradient);
    for_each_inside(mask, mask.coverage, 0, 0, [&](Pixel& pixel, unsigned covered, int x, int y) {
        if (covered == 0) return;
        const Color color = colors[columns[static_cast<std::size_t>(x - box.left)].color_at(y)];
        pixel = surface_.mix(pixel, color, share_of(color, covered));
    });
}

template <typename Surface>
void PixelRaster<Surface>::fill(const ColorImage& image, int x, int y) {
    for_each_inside(image, image.pixels, x, y, [&](Pixel& pixel, Color color, int, int) {
        if (color.alpha != 0) pixel = surface_.mix(pixel, color, color.alpha);
    });
}

}  // namespace kurabe::render
