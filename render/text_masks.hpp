// Masks of letters and of whole texts, and images of those of several colours, kept for the next
// picture.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "render/color_images.hpp"
#include "render/fonts.hpp"
#include "render/raster.hpp"

namespace kurabe::render {

// Fonts and bytes of masks and images that are kept. Over either all are dropped, to be made
// again as they are needed.
inline constexpr std::size_t kMaskedFontsMax = 64;
inline constexpr std::size_t kMaskBytesMax = 32UL * 1024 * 1024;
// Larger letters are not kept, and only what can be seen of them is painted.
inline constexpr double kKeptLetterMax_pt = 300;

// Not thread-safe, as the Fonts, which outlive it.
class TextMasks {
  public:
    explicit TextMasks(Fonts& fonts) : fonts_(fonts) {}

    // Fills the text with its colour.
    void draw(const TextRun& run, Raster& raster);

  private:
    static constexpr char kFirstLetter = ' ';
    static constexpr std::size_t kLetters = 95;  // of printable ASCII

    struct Letter {
        bool known = false;
        Mask mask;
    };
    struct MaskedFont {
        FontMetrics metrics;
        std::array<Letter, kLetters> letters;
        std::unordered_map<std::string, Mask> texts;
        std::unordered_map<std::string, ColorImage> images;  // by text and colour
    };
    using FontKey = std::tuple<std::string, double, double, bool, FontRendering>;

    // With markup only where it is to be understood as that.
    void draw_as_set(const TextRun& run, Raster& raster);
    // Valid until the next call.
    [[nodiscard]] MaskedFont& open(const Font& font, double scale);
    // In the font and at the scale of `run`.
    [[nodiscard]] Mask make(std::string_view text, const TextRun& run);
    [[nodiscard]] const Mask& letter(MaskedFont& masked, const TextRun& run, char letter);
    // Empty when the text has no colours of its own.
    [[nodiscard]] const ColorImage& image(MaskedFont& masked, const TextRun& run);
    [[nodiscard]] const Mask& text(MaskedFont& masked, const TextRun& run);
    // `x`, `y`: where the baseline begins.
    void draw_large(const TextRun& run, int x, int y, Raster& raster);

    Fonts& fonts_;
    std::map<FontKey, MaskedFont> kept_;
    std::size_t kept_bytes_ = 0;
    std::uint32_t last_id_ = 0;  // of a letter's mask
};

}  // namespace kurabe::render
