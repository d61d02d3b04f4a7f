// PNG files of at most 256 colours, framed by hand: libpng takes twice as long for the same bytes.
#pragma once

#include <optional>
#include <string>

#include "render/pixels.hpp"

namespace kurabe::render {

// None when the picture has more than 256 colours.
[[nodiscard]] std::optional<std::string> encode_palette_png(const Pixels& pixels);

}  // namespace kurabe::render
