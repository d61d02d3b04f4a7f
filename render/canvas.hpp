// Fonts and smooth shapes: text sizes, and coverage masks of text, lines and polygons.
// The one wrapper of Pango, Cairo and fontconfig. One font map for each Canvas, because Pango's
// maps must not be shared by threads; a private fontconfig set-up, so that the rules of the
// machine's user do not change pictures.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "render/display_list.hpp"
#include "render/raster.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// Fonts (family and size) open at once, and bytes of the letters, texts and widths that they keep.
// Over either all are dropped, to be made again as they are needed.
inline constexpr std::size_t kCachedFontsMax = 64;
inline constexpr std::size_t kCachedBytesMax = 32UL * 1024 * 1024;

// Not thread-safe; different Canvases may work at once.
class Canvas final : public TextMeasurer {
  public:
    // `font_family`: of fonts that name none, and the first fallback of the others.
    explicit Canvas(std::string font_family);
    ~Canvas() override;

    [[nodiscard]] TextSize measure(std::string_view text, const Font& font) override;

    // Fills the text, the stroke or the inside with the primitive's colour.
    void draw(const TextRun& run, Raster& raster);
    void draw(const Polyline& line, Raster& raster);
    void draw(const FilledPolygon& polygon, Raster& raster);

  private:
    class Fonts;
    std::unique_ptr<Fonts> fonts_;
};

// Paints `list` from its beginning.
void draw(const DisplayList& list, Canvas& canvas, Raster& raster);

}  // namespace kurabe::render
