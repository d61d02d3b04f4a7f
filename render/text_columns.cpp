// Asks GLib for each character.
#include "render/text_columns.hpp"

#include <glib.h>

namespace kurabe::render {

std::size_t text_columns(std::string_view text) noexcept {
    constexpr auto kInvalid = static_cast<gunichar>(-2);  // both and greater: no character
    std::size_t columns = 0;
    while (!text.empty()) {
        const gunichar character =
            g_utf8_get_char_validated(text.data(), static_cast<gssize>(text.size()));
        if (character >= kInvalid) {
            ++columns;
            text.remove_prefix(1);
            continue;
        }
        if (!g_unichar_iszerowidth(character)) columns += g_unichar_iswide(character) ? 2 : 1;
        text.remove_prefix(static_cast<std::size_t>(g_unichar_to_utf8(character, nullptr)));
    }
    return columns;
}

}  // namespace kurabe::render
