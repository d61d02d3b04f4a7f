// Shortens texts to a width.
#include "render/text_measurer.hpp"

#include "render/markup.hpp"

namespace kurabe::render {

std::string shorten_to_fit(std::string_view text, const Font& font, int width_px,
                           TextMeasurer& measurer) {
    const auto fits_in = [&](std::string_view shown) {
        return measurer.measure(shown, font).width_px <= width_px;
    };
    if (fits_in(text)) return std::string(text);
    const TextKind kind = font.has_markup ? TextKind::kMarkup : TextKind::kPlain;
    std::size_t fits = 0;
    std::size_t too_many = characters_of_text(text, kind);
    while (too_many - fits > 1) {
        const std::size_t middle = fits + (too_many - fits) / 2;
        (fits_in(shortened_text(text, kind, middle)) ? fits : too_many) = middle;
    }
    std::string shortest = shortened_text(text, kind, fits);
    // Tags that Pango does not understand are shown, and take room.
    return fits > 0 || fits_in(shortest) ? shortest : shortened_text("", TextKind::kPlain, 0);
}

}  // namespace kurabe::render
