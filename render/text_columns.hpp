// How wide a text is on a terminal, for tables. Rule: Unicode's East Asian Width, as GLib has it.
#pragma once

#include <cstddef>
#include <string_view>

namespace kurabe::render {

// In columns: wide characters take two, combining ones none. What is not UTF-8 takes one a byte.
[[nodiscard]] std::size_t text_columns(std::string_view text) noexcept;

}  // namespace kurabe::render
