// A finished picture in memory, of any number of colours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "render/geometry.hpp"

namespace kurabe::render {

// Rows from top to bottom, pixels from left to right; each 0xTTRRGGBB, see mixing.hpp.
struct Pixels {
    ImageSize size;
    std::vector<std::uint32_t> rgb;

    [[nodiscard]] std::size_t index(int x, int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width_px) +
               static_cast<std::size_t>(x);
    }
};

}  // namespace kurabe::render
