// Leaves out texts that have no room of their own, in pictures too small for all of them.
#pragma once

#include <span>

#include "render/display_list.hpp"
#include "render/geometry.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// The pixels that the letters of a text may touch.
[[nodiscard]] PixelBox text_box(const TextRun& run, TextMeasurer& measurer);

// Removes every text that leaves the picture or stands on one before it in the lists, with the
// shapes that are its own.
void keep_free_texts(std::span<DisplayList> lists, ImageSize size, TextMeasurer& measurer);

}  // namespace kurabe::render
