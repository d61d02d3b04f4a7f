// Texts cut into parts and shortened, without breaking Pango markup that they may be: tags stay
// whole and in order, and an entity such as "&amp;" is one character.
// Rule: https://docs.gtk.org/Pango/pango_markup.html; it is not checked here that Pango takes it.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::render {

enum class TextKind { kPlain, kMarkup };

// What stands between the separators; at least one part. Parts of markup end the elements that are
// open there, and the next part begins them again.
[[nodiscard]] std::vector<std::string> parts_of_text(std::string_view text, TextKind kind,
                                                     char separator);

// Characters without tags; bytes that are no UTF-8 count with what is before them.
[[nodiscard]] std::size_t characters_of_text(std::string_view text, TextKind kind);

// The first `characters` of the text and an ellipsis, with all tags of markup.
[[nodiscard]] std::string shortened_text(std::string_view text, TextKind kind,
                                         std::size_t characters);

// The tags that are open where characters stand, joined: a text needs no more fonts than these.
[[nodiscard]] std::set<std::string> styles_of_markup(std::string_view text);

}  // namespace kurabe::render
