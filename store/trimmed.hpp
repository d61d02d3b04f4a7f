// Texts without the blanks around them.
#pragma once

#include <string_view>

namespace kurabe::store {

inline constexpr std::string_view kBlanks = " \t\r\n";

// Part of `text`: without what is in `blanks` at both ends; empty where nothing else is in it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text,
                                                 std::string_view blanks = kBlanks) noexcept {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace kurabe::store
