// PNG files of at most 256 colours, framed by hand: libpng takes twice as long for the same bytes.
#pragma once

#include <string>

#include "render/deflate.hpp"
#include "render/indexed_raster.hpp"

namespace kurabe::render {

// `pixels` has not too many colours, and at least one pixel.
[[nodiscard]] std::string encode_palette_png(const IndexedPixels& pixels, Deflater& deflater);

}  // namespace kurabe::render
