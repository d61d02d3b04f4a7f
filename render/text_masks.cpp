// Text of fixed width is set letter by letter; other text is kept as a whole.
#include "render/text_masks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "render/masks.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

// 16 levels of grey cannot be told from 256 by eye.
inline constexpr int kTextLevels = 16;
// What a map needs for an entry besides its text and mask.
inline constexpr std::size_t kMaskEntryBytes = 128;

// The box of enlarged letters. Hinting fits the outlines of every size to its own pixels, so that
// they may reach a pixel of the layout and two of the picture beyond.
PixelBox enlarged(const PixelBox& box, double scale) {
    if (scale == 1 || box.empty()) return box;
    constexpr int kReach_px = 2;
    const auto down = [scale](int edge) {
        return static_cast<int>(std::floor((edge - 1) * scale)) - kReach_px;
    };
    const auto up = [scale](int edge) {
        return static_cast<int>(std::ceil((edge + 1) * scale)) + kReach_px;
    };
    return {.left = down(box.left),
            .top = down(box.top),
            .right = up(box.right),
            .bottom = up(box.bottom)};
}

}  // namespace

void TextMasks::draw(const TextRun& run, Raster& raster) {
    if (!run.font.has_markup) return draw_as_set(run, raster);
    TextRun as_set = run;
    as_set.font = fonts_.setting_of(run.text, run.font);
    draw_as_set(as_set, raster);
}

// Scaled text takes exactly the room that it has in the layout.
void TextMasks::draw_as_set(const TextRun& run, Raster& raster) {
    MaskedFont& masked = open(run.font, run.scale);
    const int advance = masked.metrics.fixed_advance_px;
    const bool by_letter = advance > 0 && is_set_by_letter(run.text, run.font);
    const int width = by_letter ? advance * static_cast<int>(run.text.size())
                                : fonts_.measure(run.text, run.font).width_px;
    const int shift = scaled(anchor_shift(run.anchor, width), run.scale);
    const int x = run.turned ? run.x : run.x - shift;
    const int y = run.turned ? run.baseline + shift : run.baseline;
    if (run.font.size_pt * run.scale > kKeptLetterMax_pt) return draw_large(run, x, y, raster);
    const auto put = [&](const Mask& mask, int along) {
        if (mask.coverage.empty()) return;
        if (run.turned) return raster.fill(turned(mask), x, y - along, run.color);
        raster.fill(mask, x + along, y, run.color);
    };
    if (!by_letter && run.font.has_markup) {
        const ColorImage& colored = image(masked, run);
        if (!colored.pixels.empty()) {
            return raster.fill(run.turned ? turned(colored) : colored, x, y);
        }
    }
    if (!by_letter) return put(text(masked, run), 0);
    for (std::size_t i = 0; i < run.text.size(); ++i) {
        put(letter(masked, run, run.text[i]), scaled(static_cast<int>(i) * advance, run.scale));
    }
}

void TextMasks::draw_large(const TextRun& run, int x, int y, Raster& raster) {
    PixelBox box = enlarged(fonts_.ink(run.text, run.font), run.scale);
    if (!run.turned) {
        const PixelBox& clip = raster.clip();
        box = {.left = std::max(box.left, clip.left - x),
               .top = std::max(box.top, clip.top - y),
               .right = std::min(box.right, clip.right - x),
               .bottom = std::min(box.bottom, clip.bottom - y)};
    }
    const Mask mask = painted_mask(box, kTextLevels, [&](cairo_t* cairo) {
        fonts_.show(run.text, run.font, run.scale, cairo);
    });
    if (!mask.coverage.empty()) raster.fill(run.turned ? turned(mask) : mask, x, y, run.color);
}

TextMasks::MaskedFont& TextMasks::open(const Font& font, double scale) {
    const FontKey key(font.family, font.size_pt, scale, font.has_markup, font.rendering);
    if (kept_bytes_ <= kMaskBytesMax) {
        if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    }
    if (kept_bytes_ > kMaskBytesMax || kept_.size() >= kMaskedFontsMax) {
        kept_.clear();
        kept_bytes_ = 0;
    }
    MaskedFont& masked = kept_[key];
    masked.metrics = fonts_.metrics(font);
    return masked;
}

Mask TextMasks::make(std::string_view text, const TextRun& run) {
    Mask mask =
        painted_mask(enlarged(fonts_.ink(text, run.font), run.scale), kTextLevels,
                     [&](cairo_t* cairo) { fonts_.show(text, run.font, run.scale, cairo); });
    kept_bytes_ += mask.coverage.size();
    return mask;
}

const Mask& TextMasks::letter(MaskedFont& masked, const TextRun& run, char letter) {
    Letter& kept = masked.letters[static_cast<std::size_t>(letter - kFirstLetter)];
    if (!kept.known) {
        kept = {.known = true, .mask = make(std::string_view(&letter, 1), run)};
        kept.mask.id = ++last_id_;
    }
    return kept.mask;
}

const ColorImage& TextMasks::image(MaskedFont& masked, const TextRun& run) {
    const Color color = run.color;
    const std::string key = run.text + static_cast<char>(color.red) +
                            static_cast<char>(color.green) + static_cast<char>(color.blue) +
                            static_cast<char>(color.alpha);
    const auto [entry, is_new] = masked.images.try_emplace(key);
    if (!is_new) return entry->second;
    kept_bytes_ += key.size() + kMaskEntryBytes;
    std::vector<Color> colors = fonts_.colors(run.text, run.font);
    if (colors.empty()) return entry->second;
    colors.insert(colors.begin(), color);
    entry->second =
        painted_image(enlarged(fonts_.ink(run.text, run.font), run.scale), kTextLevels, colors,
                      [&](cairo_t* cairo) { fonts_.show(run.text, run.font, run.scale, cairo); });
    kept_bytes_ += entry->second.pixels.size() * sizeof(Color);
    return entry->second;
}

const Mask& TextMasks::text(MaskedFont& masked, const TextRun& run) {
    const auto [entry, is_new] = masked.texts.try_emplace(run.text);
    if (is_new) {
        entry->second = make(run.text, run);
        kept_bytes_ += run.text.size() + kMaskEntryBytes;
    }
    return entry->second;
}

}  // namespace kurabe::render
