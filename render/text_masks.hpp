// Masks of letters and of whole texts, kept for the next picture.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "render/fonts.hpp"
#include "render/raster.hpp"

namespace kurabe::render {

// Fonts (family and size) and bytes of masks that are kept. Over either all are dropped, to be made
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
        Font font;            // of the layout
        double scale;         // of the picture
        FontMetrics metrics;  // in the layout
        std::array<Letter, kLetters> letters = {};
        std::unordered_map<std::string, Mask> texts = {};
    };

    // Valid until the next call.
    [[nodiscard]] MaskedFont& open(const Font& font, double scale);
    [[nodiscard]] const Mask& letter(MaskedFont& masked, char letter);
    [[nodiscard]] const Mask& text(MaskedFont& masked, std::string_view text);
    // `x`, `y`: where the baseline begins.
    void draw_large(const TextRun& run, int x, int y, Raster& raster);
    // Of letters in the picture's size, to the room that they have in the layout.
    [[nodiscard]] double stretch_of(std::string_view text, const Font& font, double scale);
    [[nodiscard]] Mask make(const MaskedFont& masked, std::string_view text, double stretch);

    Fonts& fonts_;
    std::map<std::tuple<std::string, double, double>, MaskedFont> kept_;
    std::size_t kept_bytes_ = 0;
};

}  // namespace kurabe::render
