// Colours as the graph language writes them.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::render {

struct Color {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
    bool operator==(const Color&) const = default;
};

// 0xRRGGBB
[[nodiscard]] constexpr Color rgb(std::uint32_t value) noexcept {
    return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 0xFF),
            static_cast<std::uint8_t>(value & 0xFF)};
}

// `color` with its alpha multiplied.
[[nodiscard]] Color faded(Color color, double share) noexcept;

// 3, 4, 6 or 8 hex digits after the '#'. kInvalid otherwise.
[[nodiscard]] Result<Color> parse_color(std::string_view hex_digits);

}  // namespace kurabe::render
