// Chooses colours where a definition's own are not wanted or not seen.
#include "render/series_colors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include "render/mixing.hpp"

namespace kurabe::render {

namespace {

// Found by a search for the largest distances in all four ways of seeing, near to the hues of Okabe
// and Ito's set; neighbours differ most.
constexpr std::array kOnLight = {rgb(0x3256EA), rgb(0xE16D05), rgb(0x19A67B), rgb(0x582521),
                                 rgb(0x00BBFE), rgb(0x9363A6), rgb(0x211E85), rgb(0xA94D0A)};
constexpr std::array kOnDark = {rgb(0x0075F4), rgb(0xD18502), rgb(0x28D7A5), rgb(0xB54136),
                                rgb(0xB5FBFF), rgb(0x836098), rgb(0xFEE429), rgb(0xBA9DFF)};

constexpr double kPalerShare = 0.45;    // of the canvas, for a palette's next round
constexpr double kContrastMin = 2.2;    // of what is drawn on a dark canvas
constexpr double kLighterShare = 0.15;  // of white, until that is reached

double linear(std::uint8_t channel) {
    const double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(Color color) {
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

Color canvas_of(const GraphOptions& options) {
    return options.colors[static_cast<std::size_t>(ColorTag::kCanvas)];
}

class PaletteGiver {
  public:
    explicit PaletteGiver(Color canvas) : canvas_(canvas), palette_(safe_palette(canvas)) {}

    void operator()(LineElement& line) {
        if (line.color && line.width_px > 0) line.color = color_of(line.value, line.color->alpha);
    }
    void operator()(AreaElement& area) {
        if (area.color) area.color = color_of(area.value, area.color->alpha);
    }
    void operator()(auto&) {}

  private:
    Color color_of(const ValueReference& value, std::uint8_t alpha) {
        const std::size_t number = numbers_.emplace(value, numbers_.size()).first->second;
        Color color = palette_[number % kPaletteSize];
        if (number / kPaletteSize % 2 == 1) color = blended(color, canvas_, kPalerShare);
        color.alpha = alpha;
        return color;
    }

    Color canvas_;
    std::array<Color, kPaletteSize> palette_;
    std::map<ValueReference, std::size_t> numbers_;
};

// Colours that are nearly transparent are meant to be.
class Lightener {
  public:
    explicit Lightener(Color canvas) : canvas_(canvas) {}

    void operator()(LineElement& line) { lighten(line.color); }
    void operator()(AreaElement& area) { lighten(area.color); }
    void operator()(HorizontalRuleElement& rule) { lighten(rule.color); }
    void operator()(VerticalRuleElement& rule) { lighten(rule.color); }
    void operator()(TickElement& tick) { lighten(tick.color); }
    void operator()(auto&) {}

  private:
    void lighten(Color& color) const {
        constexpr int kRounds = 20;
        for (int i = 0; i < kRounds && contrast(color, canvas_) < kContrastMin; ++i) {
            color = blended(color, {255, 255, 255}, kLighterShare);
        }
    }
    void lighten(std::optional<Color>& color) const {
        if (color) lighten(*color);
    }

    Color canvas_;
};

}  // namespace

std::array<Color, kPaletteSize> safe_palette(Color canvas) {
    return is_dark(canvas) ? kOnDark : kOnLight;
}

bool is_dark(Color canvas) {
    return luminance(canvas) < 0.18;
}

double contrast(Color one, Color other) {
    const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
    return (light + 0.05) / (dark + 0.05);
}

void choose_series_colors(GraphDefinition& definition) {
    const Color canvas = canvas_of(definition.options);
    if (definition.options.safe_palette) {
        PaletteGiver giver(canvas);
        for (Element& element : definition.elements) std::visit(giver, element);
    }
    if (definition.options.theme == Theme::kDark && is_dark(canvas)) {
        Lightener lightener(canvas);
        for (Element& element : definition.elements) std::visit(lightener, element);
    }
}

}  // namespace kurabe::render
