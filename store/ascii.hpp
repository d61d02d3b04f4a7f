// Bytes of ASCII, whatever the locale is.
#pragma once

namespace kurabe::store {

[[nodiscard]] constexpr bool is_digit(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}

[[nodiscard]] constexpr bool is_control(char byte) noexcept {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

[[nodiscard]] constexpr char lower(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

}  // namespace kurabe::store
