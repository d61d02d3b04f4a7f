// Fills on a picture's pixels: what drawing needs of the memory it draws into. Two kinds of it are
// in indexed_raster.hpp and true_color_raster.hpp; both give the same colours.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "render/display_list.hpp"

namespace kurabe::render {

// How much of each pixel of a small picture is covered, 0...255; rows from the top. `left` and
// `top` are the place of its first pixel relative to where it is put.
struct Mask {
    // Of one that is put again and again: no other one that is put into the same picture has it.
    std::uint32_t id = 0;
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> coverage;
};

// A small picture of colours of its own, placed as a Mask; an alpha of 0 leaves what is below.
struct ColorImage {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
    std::vector<Color> pixels;
};

// Everything is cut at the picture's edge and at the clip box, which is the whole picture at first.
class Raster {
  public:
    explicit Raster(ImageSize size) : size_(size) { set_clip(std::nullopt); }
    virtual ~Raster() = default;
    Raster(const Raster&) = delete;
    Raster& operator=(const Raster&) = delete;

    void set_clip(const std::optional<PixelBox>& box);
    [[nodiscard]] const PixelBox& clip() const noexcept { return clip_; }

    virtual void fill(const FilledBox& box) = 0;
    virtual void fill(const FilledBoxes& boxes) = 0;
    // Of the rows behind the first kAreaRowsMax that it touches nothing is filled.
    virtual void fill(const ColumnArea& area) = 0;
    virtual void fill(const GridLine& line) = 0;
    // `x`, `y`: where the mask's origin lies.
    virtual void fill(const Mask& mask, int x, int y, Color color) = 0;
    virtual void fill(const ColorImage& image, int x, int y) = 0;
    // The mask's origin lies at the picture's.
    virtual void fill(const Mask& mask, const Gradient& gradient) = 0;

    static constexpr int kAreaRowsMax = 32'767;

  protected:
    [[nodiscard]] PixelBox cut(PixelBox box) const noexcept;
    [[nodiscard]] ImageSize size() const noexcept { return size_; }

  private:
    ImageSize size_;
    PixelBox clip_;
};

}  // namespace kurabe::render
