// Colours are looked up once for each way in which they come about.
#include "render/indexed_raster.hpp"

namespace kurabe::render {

std::uint8_t Palette::index_of(std::uint32_t color) noexcept {
    std::size_t slot = color * 0x9E3779B1U >> 22;
    while (slots_[slot] != kFree && colors_[slots_[slot]] != color) slot = (slot + 1) % kSlots;
    if (slots_[slot] != kFree) return static_cast<std::uint8_t>(slots_[slot]);
    if (count_ == kPaletteMax) {
        has_overflowed_ = true;
        return 0;
    }
    colors_[count_] = color;
    slots_[slot] = static_cast<std::uint16_t>(count_);
    return static_cast<std::uint8_t>(count_++);
}

IndexedSurface::IndexedSurface(ImageSize size, IndexedPixels reused)
    : pixels_(std::move(reused)), stride_(static_cast<std::size_t>(size.width_px) + 1) {
    pixels_.size = size;
    pixels_.rows.assign(stride_ * static_cast<std::size_t>(size.height_px), 0);
    (void)palette_.index_of(kTransparent);
}

std::uint8_t IndexedSurface::pixel_of(Color color) noexcept {
    return palette_.index_of(rgb_of(color));
}

void IndexedSurface::cover(Color color) noexcept {
    palette_ = Palette();
    (void)palette_.index_of(mixed(kTransparent, rgb_of(color), color.alpha));
}

std::uint8_t IndexedSurface::answer(std::uint64_t question) noexcept {
    const auto below = static_cast<Pixel>(question);
    const auto alpha = static_cast<std::uint8_t>(question >> 8);
    const auto above = static_cast<std::uint32_t>(question >> 16);
    return palette_.index_of(mixed(palette_[below], above, alpha));
}

void IndexedSurface::stand_on(Pixel below, Color color) noexcept {
    if (ground_.known && ground_.below == below && ground_.color == color) return;
    ground_.known = true;
    ground_.below = below;
    ground_.color = color;
    ground_.answers.fill(Ground::kUnanswered);
    ground_.answers[0] = below;
}

// Without a branch that depends on where the ink is.
void IndexedSurface::mix_row(Pixel* row, const std::uint8_t* coverage, std::size_t count,
                             Color color) noexcept {
    if (count == 0) return;
    stand_on(row[0], color);
    const Pixel ground = row[0];
    std::uint16_t* const answers = ground_.answers.data();
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned covered = coverage[i];
        const Pixel below = row[i];
        std::uint16_t answer = answers[covered];
        if (below != ground) {
            answer = covered == 0 ? below : mix(below, color, share_of(color, covered));
        } else if (answer == Ground::kUnanswered) {
            answer = answers[covered] = mix(below, color, share_of(color, covered));
        }
        row[i] = static_cast<Pixel>(answer);
    }
}

IndexedPixels IndexedSurface::take() && {
    pixels_.palette = palette_.colors();
    pixels_.has_too_many_colors = palette_.has_overflowed();
    return std::move(pixels_);
}

template class PixelRaster<IndexedSurface>;

}  // namespace kurabe::render
