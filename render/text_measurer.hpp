// How much room text takes: what layout needs to know about fonts.
#pragma once

#include <string>
#include <string_view>

#include "render/graph_definition.hpp"

namespace kurabe::render {

// Whole pixels; width is the sum of the letters' advances, height = ascent + descent of the font.
struct TextSize {
    int width_px = 0;
    int ascent_px = 0;
    int descent_px = 0;

    [[nodiscard]] int height_px() const noexcept { return ascent_px + descent_px; }
};

class TextMeasurer {
  public:
    TextMeasurer() = default;
    virtual ~TextMeasurer() = default;
    TextMeasurer(const TextMeasurer&) = delete;
    TextMeasurer& operator=(const TextMeasurer&) = delete;

    [[nodiscard]] virtual TextSize measure(std::string_view text, const Font& font) = 0;
};

// `text` itself if it is at most `width_px` wide; otherwise its longest beginning that fits with
// an ellipsis behind it.
[[nodiscard]] std::string shorten_to_fit(std::string_view text, const Font& font, int width_px,
                                         TextMeasurer& measurer);

}  // namespace kurabe::render
