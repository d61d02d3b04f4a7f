// Integers: in texts of programs and protocols, and divided.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
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

// Rounded towards minus infinity; the divisor is positive.
[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t dividend,
                                                  std::int64_t divisor) noexcept {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}

}  // namespace kurabe::store
