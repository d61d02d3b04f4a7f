// Numbers in arguments: whole texts only, independent of the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kurabe::render {

// Finite; nothing for anything else or with text after it.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace kurabe::render
