// Texts and numbers as JSON wants them, for texts whose shape is written by hand.
// Rule: RFC 8259.
#pragma once

#include <string>
#include <string_view>

#include "store/types.hpp"

namespace kurabe::render {

// In quotation marks; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string json_quoted(std::string_view text);

// The shortest digits that are read as the same value; null for what is no number.
[[nodiscard]] std::string json_number(store::Value value);

}  // namespace kurabe::render
