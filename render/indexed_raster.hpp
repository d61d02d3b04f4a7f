// Drawing straight into the bytes that a PNG file of a palette compresses: a byte for each pixel,
// an eighth of the work of pixels of 24 bits that are searched for their colours afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "render/geometry.hpp"
#include "render/mixing.hpp"
#include "render/pixel_raster.hpp"

namespace kurabe::render {

inline constexpr std::size_t kPaletteMax = 256;

// Rows from top to bottom, each a byte 0 (PNG's filter "none") and then a colour's index for each
// pixel from left to right.
struct IndexedPixels {
    ImageSize size;
    std::vector<std::uint8_t> rows;
    std::vector<std::uint32_t> palette;  // 0xTTRRGGBB, in the order of first use; at most 256
    // More colours were needed than a palette has: the pixels are good for nothing.
    bool has_too_many_colors = false;
};

// Colours by index, and indexes by colour.
class Palette {
  public:
    Palette() { slots_.fill(kFree); }
    // The colour's index; 0 when there is no room for it, and from then on has_overflowed().
    [[nodiscard]] std::uint8_t index_of(std::uint32_t color) noexcept;
    [[nodiscard]] std::uint32_t operator[](std::uint8_t index) const noexcept {
        return colors_[index];
    }
    [[nodiscard]] bool has_overflowed() const noexcept { return has_overflowed_; }
    [[nodiscard]] std::vector<std::uint32_t> colors() const {
        return {colors_.begin(), colors_.begin() + static_cast<std::ptrdiff_t>(count_)};
    }

  private:
    static constexpr std::size_t kSlots = 1024;  // at most a quarter is taken
    static constexpr std::uint16_t kFree = 0xFFFF;

    std::array<std::uint32_t, kPaletteMax> colors_{};
    std::array<std::uint16_t, kSlots> slots_{};
    std::size_t count_ = 0;
    bool has_overflowed_ = false;
};

class IndexedSurface {
  public:
    using Pixel = std::uint8_t;

    // Transparent at first. `reused` lends its memory.
    IndexedSurface(ImageSize size, IndexedPixels reused);

    [[nodiscard]] Pixel* row(int y) noexcept {
        return pixels_.rows.data() + static_cast<std::size_t>(y) * stride_ + 1;
    }
    [[nodiscard]] Pixel pixel_of(Color color) noexcept;
    [[nodiscard]] Pixel mix(Pixel below, Color color, unsigned alpha) noexcept {
        const std::uint64_t question = std::uint64_t{rgb_of(color)} << 16 | alpha << 8 | below;
        Mixed& kept = mixed_[question * 0x9E3779B97F4A7C15ULL >> 55];
        if (kept.question != question) kept = {question, answer(question)};
        return kept.answer;
    }
    // Fast where most lie on one colour, as those of texts do.
    void mix_row(Pixel* row, const std::uint8_t* coverage, std::size_t count, Color color) noexcept;
    // Letters come again and again on one ground: then their pixels are copied.
    void stamp(const Mask& mask, int left, int top, Color color);
    // What all pixels are once nothing but this was drawn; costs nothing.
    void cover(Color color) noexcept;
    [[nodiscard]] IndexedPixels take() &&;

  private:
    // An answer of mix() that is kept: few are ever needed, and each again and again.
    struct Mixed {
        std::uint64_t question = ~std::uint64_t{0};  // no colour and pixel have this one
        Pixel answer = 0;
    };
    static constexpr std::size_t kMixedKept = 512;

    // What a colour gives over one pixel, by its coverage.
    struct Ground {
        static constexpr std::uint16_t kUnanswered = 0xFFFF;

        bool known = false;
        Pixel below = 0;
        Color color;
        std::array<std::uint16_t, 256> answers{};
    };

    // What a mask with an id makes of one ground.
    struct Stamp {
        std::uint32_t mask = 0;  // its id
        Color color;
        Pixel ground = 0;
        std::size_t first = 0;  // of stamped_
    };
    static constexpr std::size_t kStampsKept = 256;
    static constexpr std::size_t kStampedMax = 65'536;

    [[nodiscard]] Pixel answer(std::uint64_t question) noexcept;
    [[nodiscard]] bool has_one_ground(const Mask& mask, int left, int top) noexcept;
    // A kept stamp's mask; row by row, as not all may lie on its ground.
    void repeat(const Stamp& stamp, const Mask& mask, int left, int top) noexcept;
    void stand_on(Pixel below, Color color) noexcept;

    IndexedPixels pixels_;
    std::size_t stride_;
    Palette palette_;
    std::array<Mixed, kMixedKept> mixed_{};
    Ground ground_;  // of the last row
    std::array<Stamp, kStampsKept> stamps_{};
    std::vector<Pixel> stamped_;  // rows of stamps, one after the other
};

class IndexedRaster final : public PixelRaster<IndexedSurface> {
  public:
    // Transparent at first. `reused` lends its memory: fresh memory costs more than drawing on it.
    explicit IndexedRaster(ImageSize size, IndexedPixels reused = {})
        : PixelRaster(size, IndexedSurface(size, std::move(reused))) {}

    [[nodiscard]] IndexedPixels take() && { return std::move(surface()).take(); }
};

}  // namespace kurabe::render
