// One colour over another.
#pragma once

#include <cstdint>

#include "render/color.hpp"

namespace kurabe::render {

// 0x00RRGGBB.
[[nodiscard]] constexpr std::uint32_t rgb_of(Color color) noexcept {
    return static_cast<std::uint32_t>(color.red) << 16 |
           static_cast<std::uint32_t>(color.green) << 8 | color.blue;
}

// `above` over `below` with `alpha` of 255, each channel rounded to the nearest number.
[[nodiscard]] constexpr std::uint32_t mixed(std::uint32_t below, std::uint32_t above,
                                            std::uint32_t alpha) noexcept {
    std::uint32_t result = 0;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const std::uint32_t low = below >> shift & 0xFF;
        const std::uint32_t high = above >> shift & 0xFF;
        result |= (low * (255 - alpha) + high * alpha + 127) / 255 << shift;
    }
    return result;
}

}  // namespace kurabe::render
