// Pictures as PNG files, and back. The one wrapper of libpng.
// Rule: PNG specification, second edition.
#pragma once

#include <string>
#include <string_view>

#include "render/pixels.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// A palette picture when it has at most 256 colours (graphs do: fills are flat and text has few
// levels), 24-bit otherwise; no row filter, which suits flat colours best both ways.
[[nodiscard]] Result<std::string> encode_png(const Pixels& pixels);

// Any PNG without alpha, at most kDecodedPixelsMax; kInvalid otherwise. For tests and tools.
inline constexpr std::size_t kDecodedPixelsMax = 64UL * 1024 * 1024;
[[nodiscard]] Result<Pixels> decode_png(std::string_view bytes);

}  // namespace kurabe::render
