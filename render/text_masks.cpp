// Text of fixed width is set letter by letter; other text is kept as a whole.
#include "render/text_masks.hpp"

#include "render/masks.hpp"

namespace kurabe::render {

namespace {

// 16 levels of grey cannot be told from 256 by eye.
inline constexpr int kTextLevels = 16;
// What a map needs for an entry besides its text and mask.
inline constexpr std::size_t kEntryBytes = 128;

}  // namespace

void TextMasks::draw(const TextRun& run, Raster& raster) {
    if (!run.font.has_markup) return draw_as_set(run, raster);
    TextRun as_set = run;
    as_set.font = fonts_.setting_of(run.text, run.font);
    draw_as_set(as_set, raster);
}

void TextMasks::draw_as_set(const TextRun& run, Raster& raster) {
    MaskedFont& masked = open(run.font);
    const int advance = masked.metrics.fixed_advance_px;
    const bool by_letter = advance > 0 && is_set_by_letter(run.text, run.font);
    const int width = by_letter ? advance * static_cast<int>(run.text.size())
                                : fonts_.measure(run.text, run.font).width_px;
    const int shift = anchor_shift(run.anchor, width);
    int x = run.turned ? run.x : run.x - shift;
    int y = run.turned ? run.baseline + shift : run.baseline;
    const auto put = [&](const Mask& mask) {
        if (mask.coverage.empty()) return;
        raster.fill(run.turned ? turned(mask) : mask, x, y, run.color);
    };
    if (!by_letter && run.font.has_markup) {
        const ColorImage& colored = image(masked, run);
        if (!colored.pixels.empty()) {
            return raster.fill(run.turned ? turned(colored) : colored, x, y);
        }
    }
    if (!by_letter) return put(text(masked, run.font, run.text));
    for (const char one : run.text) {
        put(letter(masked, run.font, one));
        (run.turned ? y : x) += run.turned ? -advance : advance;
    }
}

TextMasks::MaskedFont& TextMasks::open(const Font& font) {
    const FontKey key(font.family, font.size_pt, font.has_markup, font.rendering);
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

Mask TextMasks::make(std::string_view text, const Font& font) {
    Mask mask = painted_mask(fonts_.ink(text, font), kTextLevels,
                             [&](cairo_t* cairo) { fonts_.show(text, font, cairo); });
    kept_bytes_ += mask.coverage.size();
    return mask;
}

const Mask& TextMasks::letter(MaskedFont& masked, const Font& font, char letter) {
    Letter& kept = masked.letters[static_cast<std::size_t>(letter - kFirstLetter)];
    if (!kept.known) kept = {.known = true, .mask = make(std::string_view(&letter, 1), font)};
    return kept.mask;
}

const ColorImage& TextMasks::image(MaskedFont& masked, const TextRun& run) {
    const Color color = run.color;
    const std::string key = run.text + static_cast<char>(color.red) +
                            static_cast<char>(color.green) + static_cast<char>(color.blue) +
                            static_cast<char>(color.alpha);
    const auto [entry, is_new] = masked.images.try_emplace(key);
    if (!is_new) return entry->second;
    kept_bytes_ += key.size() + kEntryBytes;
    std::vector<Color> colors = fonts_.colors(run.text, run.font);
    if (colors.empty()) return entry->second;
    colors.insert(colors.begin(), color);
    entry->second = painted_image(fonts_.ink(run.text, run.font), kTextLevels, colors,
                                  [&](cairo_t* cairo) { fonts_.show(run.text, run.font, cairo); });
    kept_bytes_ += entry->second.pixels.size() * sizeof(Color);
    return entry->second;
}

const Mask& TextMasks::text(MaskedFont& masked, const Font& font, std::string_view text) {
    const auto [entry, is_new] = masked.texts.try_emplace(std::string(text));
    if (is_new) {
        entry->second = make(text, font);
        kept_bytes_ += text.size() + kEntryBytes;
    }
    return entry->second;
}

}  // namespace kurabe::render
