// Colours are looked up once for each way in which they come about.
#include "render/indexed_raster.hpp"

#include <algorithm>
#include <cstring>

#include "render/words.hpp"

namespace kurabe::render {

namespace {

// Letters are a few pixels wide: less than a word of eight, or two that may overlap. A call of the
// library for each row would take longer.
template <typename Word>
bool words_are(const std::uint8_t* pixels, std::size_t count, Word expected) noexcept {
    Word difference = word_at<Word>(pixels + count - sizeof(Word)) ^ expected;
    for (std::size_t i = 0; i + sizeof(Word) <= count; i += sizeof(Word)) {
        difference |= word_at<Word>(pixels + i) ^ expected;
    }
    return difference == 0;
}

bool all_are(const std::uint8_t* pixels, std::size_t count, std::uint8_t pixel) noexcept {
    if (count >= 8) return words_are(pixels, count, pixel * 0x0101010101010101ULL);
    if (count >= 4) return words_are(pixels, count, pixel * 0x01010101U);
    return std::all_of(pixels, pixels + count, [pixel](std::uint8_t one) { return one == pixel; });
}

template <typename Word>
void copy_words(const std::uint8_t* from, std::size_t count, std::uint8_t* to) noexcept {
    const auto last = word_at<Word>(from + count - sizeof(Word));
    for (std::size_t i = 0; i + sizeof(Word) <= count; i += sizeof(Word)) {
        std::memcpy(to + i, from + i, sizeof(Word));
    }
    std::memcpy(to + count - sizeof(Word), &last, sizeof last);
}

void copy(const std::uint8_t* from, std::size_t count, std::uint8_t* to) noexcept {
    if (count >= 8) return copy_words<std::uint64_t>(from, count, to);
    if (count >= 4) return copy_words<std::uint32_t>(from, count, to);
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
}

}  // namespace

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

bool IndexedSurface::has_one_ground(const Mask& mask, int left, int top) noexcept {
    const Pixel ground = row(top)[left];
    for (int y = top; y < top + mask.height; ++y) {
        if (!all_are(row(y) + left, static_cast<std::size_t>(mask.width), ground)) return false;
    }
    return true;
}

void IndexedSurface::stamp(const Mask& mask, int left, int top, Color color) {
    const Pixel ground = row(top)[left];
    Stamp& stamp = stamps_[mask.id % kStampsKept];
    const bool is_known = stamp.mask == mask.id && stamp.ground == ground && stamp.color == color;
    if (is_known) return repeat(stamp, mask, left, top);
    const bool has_room = stamped_.size() + mask.coverage.size() <= kStampedMax;
    const bool is_kept = has_room && has_one_ground(mask, left, top);
    const auto width = static_cast<std::size_t>(mask.width);
    const std::uint8_t* coverage = mask.coverage.data();
    for (int y = top; y < top + mask.height; ++y, coverage += width) {
        mix_row(row(y) + left, coverage, width, color);
    }
    if (!is_kept) return;
    const std::size_t first = stamped_.size();
    for (int y = top; y < top + mask.height; ++y) {
        const Pixel* const pixels = row(y) + left;
        stamped_.insert(stamped_.end(), pixels, pixels + width);
    }
    stamp = {mask.id, color, ground, first};
}

void IndexedSurface::repeat(const Stamp& stamp, const Mask& mask, int left, int top) noexcept {
    const auto width = static_cast<std::size_t>(mask.width);
    const Pixel* stamped = stamped_.data() + stamp.first;
    const std::uint8_t* coverage = mask.coverage.data();
    for (int y = top; y < top + mask.height; ++y) {
        Pixel* const pixels = row(y) + left;
        if (all_are(pixels, width, stamp.ground)) {
            copy(stamped, width, pixels);
        } else {
            mix_row(pixels, coverage, width, stamp.color);
        }
        coverage += width;
        stamped += width;
    }
}

IndexedPixels IndexedSurface::take() && {
    pixels_.palette = palette_.colors();
    pixels_.has_too_many_colors = palette_.has_overflowed();
    return std::move(pixels_);
}

template class PixelRaster<IndexedSurface>;

}  // namespace kurabe::render
