// Fonts: how much room texts take, and their letters as Cairo paints them.
// The one wrapper of Pango and fontconfig. One font map for each Fonts, because Pango's maps must
// not be shared by threads; a private fontconfig set-up, so that the rules of the machine's user do
// not change pictures.
// Markup that Pango does not understand, or that asks for more than the limits below, is set as the
// plain text that it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "render/geometry.hpp"
#include "render/graph_definition.hpp"
#include "render/text_measurer.hpp"

using cairo_t = struct _cairo;  // cairo.h's

namespace kurabe::render {

// Fonts open at once, and bytes of the sizes of texts that they keep. Over either all are dropped,
// to be opened again as they are needed.
inline constexpr std::size_t kOpenFontsMax = 64;
inline constexpr int kMarkupSizeMax_pt = 200;
inline constexpr double kMarkupScaleMax = 4;
inline constexpr unsigned kMarkupAttributesMax = 100;  // of one text
// Of one picture; a font costs up to a twentieth of a second, and each style may need one.
inline constexpr std::size_t kMarkupStylesMax = 64;
inline constexpr int kMarkupWidthMax_px = 8192;
inline constexpr int kMarkupHeightMax_px = 1024;
inline constexpr std::size_t kWidthBytesMax = 4UL * 1024 * 1024;

struct FontMetrics {
    int ascent_px = 0;
    int descent_px = 0;
    // All printable ASCII letters are this wide; 0 = of several widths. Such text needs no shaping:
    // it may be set letter by letter.
    int fixed_advance_px = 0;
};

// Printable ASCII without markup, which a font of fixed advance may set letter by letter.
[[nodiscard]] bool is_set_by_letter(std::string_view text, const Font& font);

// Letters that fit the pixels they are drawn on, or as they were designed.
enum class LetterShape { kHinted, kOutline };

// Not thread-safe; different Fonts may work at once.
class Fonts final : public TextMeasurer {
  public:
    // `family`: of fonts that name none, and the first fallback of the others.
    explicit Fonts(std::string family, LetterShape shape = LetterShape::kHinted);
    ~Fonts() override;

    // Forgets the styles of the last picture's markup, so that no picture depends on others.
    void begin_picture();
    // `font`, but without markup where the text would bring in more styles than a picture may have.
    [[nodiscard]] Font setting_of(std::string_view text, const Font& font);

    [[nodiscard]] TextSize measure(std::string_view text, const Font& font) override;
    [[nodiscard]] FontMetrics metrics(const Font& font);

    // The pixels that the text's ink can touch, relative to the beginning of its baseline.
    [[nodiscard]] PixelBox ink(std::string_view text, const Font& font);
    // The colours that its markup sets; empty = it has the context's alone.
    [[nodiscard]] std::vector<Color> colors(std::string_view text, const Font& font);
    // Paints the text in the context's colour and so many times as large as it is laid out; its
    // baseline begins at (0, 0).
    void show(std::string_view text, const Font& font, double scale, cairo_t* cairo);

  private:
    struct Parts;
    struct OpenFont;
    OpenFont& open(const Font& font);

    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::render
