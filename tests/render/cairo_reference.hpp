// Pictures as Cairo paints them, which those of our raster must agree with.
#pragma once

#include "render/display_list.hpp"
#include "render/fonts.hpp"
#include "render/pixels.hpp"

namespace kurabe::render::testing {

[[nodiscard]] Pixels painted_by_cairo(const DisplayList& list, ImageSize size, Fonts& fonts);

}  // namespace kurabe::render::testing
