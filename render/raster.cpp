// Boxes within boxes.
#include "render/raster.hpp"

#include <algorithm>

namespace kurabe::render {

void Raster::set_clip(const std::optional<PixelBox>& box) {
    clip_ = {.left = 0, .top = 0, .right = size_.width_px, .bottom = size_.height_px};
    if (box) clip_ = cut(*box);
}

PixelBox Raster::cut(PixelBox box) const noexcept {
    return {.left = std::max(box.left, clip_.left),
            .top = std::max(box.top, clip_.top),
            .right = std::min(box.right, clip_.right),
            .bottom = std::min(box.bottom, clip_.bottom)};
}

}  // namespace kurabe::render
