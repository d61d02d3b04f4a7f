// Fonts: how much room texts take, and their letters as Cairo paints them.
// The one wrapper of Pango and fontconfig. One font map for each Fonts, because Pango's maps must
// not be shared by threads; a private fontconfig set-up, so that the rules of the machine's user do
// not change pictures.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "render/geometry.hpp"
#include "render/graph_definition.hpp"
#include "render/text_measurer.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// Fonts (family and size) open at once, and bytes of the widths that they keep. Over either all are
// dropped, to be opened again as they are needed.
inline constexpr std::size_t kOpenFontsMax = 64;
inline constexpr std::size_t kWidthBytesMax = 4UL * 1024 * 1024;

struct FontMetrics {
    int ascent_px = 0;
    int descent_px = 0;
    // All printable ASCII letters are this wide; 0 = of several widths. Such text needs no shaping:
    // it may be set letter by letter.
    int fixed_advance_px = 0;
};

[[nodiscard]] bool is_printable_ascii(std::string_view text);

// Letters that fit the pixels they are drawn on, or as they were designed.
enum class LetterShape { kHinted, kOutline };

// Not thread-safe; different Fonts may work at once.
class Fonts final : public TextMeasurer {
  public:
    // `family`: of fonts that name none, and the first fallback of the others.
    explicit Fonts(std::string family, LetterShape shape = LetterShape::kHinted);
    ~Fonts() override;

    [[nodiscard]] TextSize measure(std::string_view text, const Font& font) override;
    [[nodiscard]] FontMetrics metrics(const Font& font);

    // The pixels that the text's ink can touch, relative to the beginning of its baseline.
    [[nodiscard]] PixelBox ink(std::string_view text, const Font& font);
    // Paints the text in the context's colour, so much wider; its baseline begins at (0, 0).
    void show(std::string_view text, const Font& font, double stretch, cairo_t* cairo);

  private:
    struct Parts;
    struct OpenFont;
    OpenFont& open(const Font& font);

    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::render
