// Integers in texts of programs and protocols.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace kurabe::store {

// Of a text that is decimal digits, with a '-' before them where `Integer` has a sign, and nothing
// else; none where the number does not fit.
template <std::integral Integer>
[[nodiscard]] std::optional<Integer> whole_integer(std::string_view text) noexcept {
    Integer number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

}  // namespace kurabe::store
