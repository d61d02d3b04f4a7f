// One colour over another. Pixels are 0xTTRRGGBB: red, green, blue, and above them how transparent
// the pixel is, so that the colours of pictures without transparency are plain 0x00RRGGBB.
#pragma once

#include <cstdint>

#include "render/color.hpp"

namespace kurabe::render {

inline constexpr std::uint32_t kTransparent = 0xFF000000;

// 0x00RRGGBB.
[[nodiscard]] constexpr std::uint32_t rgb_of(Color color) noexcept {
    return static_cast<std::uint32_t>(color.red) << 16 |
           static_cast<std::uint32_t>(color.green) << 8 | color.blue;
}

[[nodiscard]] constexpr std::uint32_t alpha_of(std::uint32_t pixel) noexcept {
    return 255 - (pixel >> 24);
}

namespace detail {

// Both let through what is below. Rule: Porter and Duff, "over", without premultiplied channels.
[[nodiscard]] constexpr std::uint32_t mixed_translucent(std::uint32_t below, std::uint32_t above,
                                                        std::uint32_t alpha) noexcept {
    const std::uint32_t share_above = alpha * 255;
    const std::uint32_t share_below = alpha_of(below) * (255 - alpha);
    const std::uint32_t shares = share_above + share_below;  // 255 * 255 = nothing shows through
    if (shares == 0) return kTransparent;
    std::uint32_t result = (255 - (shares + 127) / 255) << 24;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const std::uint32_t low = below >> shift & 0xFF;
        const std::uint32_t high = above >> shift & 0xFF;
        result |= (low * share_below + high * share_above + shares / 2) / shares << shift;
    }
    return result;
}

}  // namespace detail

// `above`, 0x00RRGGBB, over the pixel `below` with `alpha` of 255, each channel rounded to the
// nearest number.
[[nodiscard]] constexpr std::uint32_t mixed(std::uint32_t below, std::uint32_t above,
                                            std::uint32_t alpha) noexcept {
    if (alpha_of(below) != 255) return detail::mixed_translucent(below, above, alpha);
    std::uint32_t result = 0;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const std::uint32_t low = below >> shift & 0xFF;
        const std::uint32_t high = above >> shift & 0xFF;
        result |= (low * (255 - alpha) + high * alpha + 127) / 255 << shift;
    }
    return result;
}

// The alpha of a colour over a pixel of which it covers so much, of 255.
[[nodiscard]] constexpr unsigned share_of(Color color, unsigned covered) noexcept {
    return (covered * color.alpha + 127) / 255;
}

// `color` with a share of another, 0 to 1, in it; its alpha stays.
[[nodiscard]] inline Color blended(Color color, Color with, double share) noexcept {
    const auto alpha = static_cast<std::uint32_t>(255 * share + 0.5);
    const std::uint32_t rgb = mixed(rgb_of(color), rgb_of(with), alpha);
    return {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8 & 0xFF),
            static_cast<std::uint8_t>(rgb & 0xFF), color.alpha};
}

}  // namespace kurabe::render
