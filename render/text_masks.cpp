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
inline constexpr std::size_t kEntryBytes = 128;

PixelBox stretched(PixelBox box, double stretch) {
    box.left = static_cast<int>(std::floor(box.left * stretch));
    box.right = static_cast<int>(std::ceil(box.right * stretch));
    return box;
}

Font enlarged(Font font, double scale) {
    font.size_pt *= scale;
    return font;
}

}  // namespace

// Scaled text takes exactly the room that it has in the layout.
void TextMasks::draw(const TextRun& run, Raster& raster) {
    MaskedFont& masked = open(run.font, run.scale);
    const int advance = masked.metrics.fixed_advance_px;
    const bool by_letter = advance > 0 && is_printable_ascii(run.text);
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
    if (!by_letter) return put(text(masked, run.text), 0);
    for (std::size_t i = 0; i < run.text.size(); ++i) {
        put(letter(masked, run.text[i]), scaled(static_cast<int>(i) * advance, run.scale));
    }
}

void TextMasks::draw_large(const TextRun& run, int x, int y, Raster& raster) {
    const Font font = enlarged(run.font, run.scale);
    const double stretch = stretch_of(run.text, run.font, run.scale);
    PixelBox box = stretched(fonts_.ink(run.text, font), stretch);
    if (!run.turned) {
        const PixelBox& clip = raster.clip();
        box = {.left = std::max(box.left, clip.left - x),
               .top = std::max(box.top, clip.top - y),
               .right = std::min(box.right, clip.right - x),
               .bottom = std::min(box.bottom, clip.bottom - y)};
    }
    const Mask mask = painted_mask(
        box, kTextLevels, [&](cairo_t* cairo) { fonts_.show(run.text, font, stretch, cairo); });
    if (!mask.coverage.empty()) raster.fill(run.turned ? turned(mask) : mask, x, y, run.color);
}

double TextMasks::stretch_of(std::string_view text, const Font& font, double scale) {
    const double room = fonts_.measure(text, font).width_px * scale;
    const double width = fonts_.measure(text, enlarged(font, scale)).width_px;
    return width > 0 ? room / width : 1;
}

TextMasks::MaskedFont& TextMasks::open(const Font& font, double scale) {
    const auto key = std::tuple(font.family, font.size_pt, scale);
    if (kept_bytes_ <= kMaskBytesMax) {
        if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    }
    if (kept_bytes_ > kMaskBytesMax || kept_.size() >= kMaskedFontsMax) {
        kept_.clear();
        kept_bytes_ = 0;
    }
    MaskedFont opened = {.font = font, .scale = scale, .metrics = fonts_.metrics(font)};
    return kept_.emplace(key, std::move(opened)).first->second;
}

const Mask& TextMasks::letter(MaskedFont& masked, char letter) {
    Letter& kept = masked.letters[static_cast<std::size_t>(letter - kFirstLetter)];
    if (!kept.known) kept = {.known = true, .mask = make(masked, std::string_view(&letter, 1), 1)};
    return kept.mask;
}

const Mask& TextMasks::text(MaskedFont& masked, std::string_view text) {
    const auto [entry, is_new] = masked.texts.try_emplace(std::string(text));
    if (is_new) {
        entry->second = make(masked, text, stretch_of(text, masked.font, masked.scale));
        kept_bytes_ += text.size() + kEntryBytes;
    }
    return entry->second;
}

Mask TextMasks::make(const MaskedFont& masked, std::string_view text, double stretch) {
    const Font font = enlarged(masked.font, masked.scale);
    Mask mask = painted_mask(stretched(fonts_.ink(text, font), stretch), kTextLevels,
                             [&](cairo_t* cairo) { fonts_.show(text, font, stretch, cairo); });
    kept_bytes_ += mask.coverage.size();
    return mask;
}

}  // namespace kurabe::render
