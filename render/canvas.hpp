// Display lists as pixels: each primitive goes to the raster, those that need fonts or smooth edges
// as a coverage mask.
#pragma once

#include <string>
#include <string_view>

#include "render/display_list.hpp"
#include "render/fonts.hpp"
#include "render/raster.hpp"
#include "render/text_masks.hpp"

namespace kurabe::render {

// Holds one thread's fonts and the masks of their letters. Not thread-safe; different Canvases may
// work at once.
class Canvas final : public TextMeasurer {
  public:
    // `font_family`: of fonts that name none, and the first fallback of the others.
    explicit Canvas(std::string font_family) : fonts_(std::move(font_family)), masks_(fonts_) {}

    [[nodiscard]] TextSize measure(std::string_view text, const Font& font) override {
        return fonts_.measure(text, font);
    }

    // To be called before the texts of a picture are measured: see Fonts.
    void begin_picture() { fonts_.begin_picture(); }

    // Fills the text, the stroke or the inside with the primitive's colour.
    void draw(const TextRun& run, Raster& raster) { masks_.draw(run, raster); }
    static void draw(const Polyline& line, Raster& raster);
    static void draw(const FilledPolygon& polygon, Raster& raster);

    [[nodiscard]] Fonts& fonts() noexcept { return fonts_; }

  private:
    Fonts fonts_;
    TextMasks masks_;
};

// Paints `list` from its beginning.
void draw(const DisplayList& list, Canvas& canvas, Raster& raster);

}  // namespace kurabe::render
