// The texts in Kurado's lines: what agents do to them, undone.
// Rule: docs/collectors.md, "Lines"; URI::Escape's uri_unescape.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// Of exactly two digits.
[[nodiscard]] std::optional<char> hexadecimal_byte(std::string_view digits) noexcept;

// "http%3A80" -> "http:80". A '%' that no two hexadecimal digits follow stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// Kurado's agent takes the UTF-8 that its plugins print for Latin-1 and encodes it once more. The
// text before that; nothing when `text` is none that was encoded twice.
[[nodiscard]] std::optional<std::string> before_second_utf8(std::string_view text);

// Seconds since 1970, decimals allowed, up to the year 2200. kInvalid for anything else.
[[nodiscard]] Result<store::SampleTime> parse_epoch(std::string_view text);

}  // namespace kurabe::collectors
