// Pixel work: solid and translucent fills on 24-bit pixels, without any library.
// Checked against a plain pixel by pixel version in tests/render/pixels_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "render/display_list.hpp"
#include "render/pixels.hpp"

namespace kurabe::render {

// How much of each pixel of a small picture is covered, 0...255; rows from the top. `left` and
// `top` are the place of its first pixel relative to where it is put.
struct Mask {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> coverage;
};

// Draws into pixels it owns; everything is cut at the picture's edge and at the clip box.
class Raster {
  public:
    // Black at first. `reused` lends its memory: a picture is large enough that fresh memory costs
    // more than drawing on it.
    explicit Raster(ImageSize size, Pixels reused = {});

    void set_clip(const std::optional<PixelBox>& box);
    [[nodiscard]] const PixelBox& clip() const noexcept { return clip_; }

    void fill(const FilledBox& box);
    void fill(const ColumnArea& area);
    void fill(const GridLine& line);
    // `x`, `y`: where the mask's origin lies.
    void fill(const Mask& mask, int x, int y, Color color);

    [[nodiscard]] Pixels take() && { return std::move(pixels_); }

  private:
    [[nodiscard]] PixelBox cut(PixelBox box) const noexcept;
    void fill_box(PixelBox box, Color color);

    Pixels pixels_;
    PixelBox clip_;
};

}  // namespace kurabe::render
