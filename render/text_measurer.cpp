// Shortens texts to a width.
#include "render/text_measurer.hpp"

#include <string>
#include <vector>

namespace kurabe::render {

namespace {

inline constexpr std::string_view kEllipsis = "\u2026";

// Offsets behind each UTF-8 character, so that none is cut in two.
std::vector<std::size_t> character_ends(std::string_view text) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i <= text.size(); ++i) {
        const bool continues =
            i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
        if (!continues) ends.push_back(i);
    }
    return ends;
}

}  // namespace

std::string shorten_to_fit(std::string_view text, const Font& font, int width_px,
                           TextMeasurer& measurer) {
    if (measurer.measure(text, font).width_px <= width_px) return std::string(text);
    const std::vector<std::size_t> ends = character_ends(text);
    const auto shortened = [&](std::size_t characters) {
        const std::size_t end = characters == 0 ? 0 : ends[characters - 1];
        return std::string(text.substr(0, end)).append(kEllipsis);
    };
    std::size_t fits = 0;
    std::size_t too_many = ends.size();
    while (too_many - fits > 1) {
        const std::size_t middle = fits + (too_many - fits) / 2;
        const bool ok = measurer.measure(shortened(middle), font).width_px <= width_px;
        (ok ? fits : too_many) = middle;
    }
    return shortened(fits);
}

}  // namespace kurabe::render
