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

// `color` with a share of another, 0 to 1, in it; its alpha stays.
[[nodiscard]] inline Color blended(Color color, Color with, double share) noexcept {
    const auto alpha = static_cast<std::uint32_t>(255 * share + 0.5);
    const std::uint32_t rgb = mixed(rgb_of(color), rgb_of(with), alpha);
    return {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8 & 0xFF),
            static_cast<std::uint8_t>(rgb & 0xFF), color.alpha};
}

}  // namespace kurabe::render
