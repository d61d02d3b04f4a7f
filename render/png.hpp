// Pictures as PNG files, and back. The one wrapper of libpng.
// Rule: PNG specification, second edition.
#pragma once

#include <string>
#include <string_view>

#include "render/pixels.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// Of 24 bits, or 32 where something shows through; no row filter, which suits flat colours best.
// Most pictures have few colours, and go to encode_palette_png().
[[nodiscard]] Result<std::string> encode_png(const Pixels& pixels);

// Any PNG, at most kDecodedPixelsMax; kInvalid otherwise. For tests and tools.
inline constexpr std::size_t kDecodedPixelsMax = 64UL * 1024 * 1024;
[[nodiscard]] Result<Pixels> decode_png(std::string_view bytes);

}  // namespace kurabe::render
