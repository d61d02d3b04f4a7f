// Cairo's coverage, with fewer levels.
#include "render/masks.hpp"

#include <algorithm>
#include <cmath>

#include "render/cairo_paths.hpp"
#include "render/painted_surface.hpp"

namespace kurabe::render {

namespace {

// Few levels of grey keep a picture's palette small.
inline constexpr int kShapeLevels = 8;

int levels_of(bool smooth) {
    return smooth ? kShapeLevels : 1;
}

std::uint8_t quantised(int coverage, int levels) {
    const int level = (coverage * levels + 127) / 255;
    return static_cast<std::uint8_t>(level * 255 / levels);
}

// The pixels that a stroke or a filled path can touch.
PixelBox bounds(const std::vector<Point>& points, double margin, const PixelBox& clip) {
    if (points.empty()) return {};
    const auto [left, right] = std::ranges::minmax(points, {}, &Point::x);
    const auto [top, bottom] = std::ranges::minmax(points, {}, &Point::y);
    const auto whole = [](double value) { return static_cast<int>(std::clamp(value, -1e6, 1e6)); };
    return {.left = std::max(whole(std::floor(left.x - margin)), clip.left),
            .top = std::max(whole(std::floor(top.y - margin)), clip.top),
            .right = std::min(whole(std::ceil(right.x + margin)), clip.right),
            .bottom = std::min(whole(std::ceil(bottom.y + margin)), clip.bottom)};
}

}  // namespace

Mask painted_mask(const PixelBox& box, int levels, const std::function<void(cairo_t*)>& paint) {
    Mask mask{.id = 0,
              .left = box.left,
              .top = box.top,
              .width = std::max(box.right - box.left, 0),
              .height = std::max(box.bottom - box.top, 0),
              .coverage = {}};
    if (box.empty()) return mask;
    mask.coverage.reserve(static_cast<std::size_t>(mask.width) *
                          static_cast<std::size_t>(mask.height));
    const bool painted =
        paint_surface(SurfaceKind::kCoverage, box, paint, [&](const unsigned char* row) {
            for (int x = 0; x < mask.width; ++x) mask.coverage.push_back(quantised(row[x], levels));
        });
    return painted ? mask : Mask{};
}

Mask turned(const Mask& mask) {
    return {.id = 0,
            .left = mask.top,
            .top = -(mask.left + mask.width),
            .width = mask.height,
            .height = mask.width,
            .coverage = turned_pixels(mask.coverage, mask.width, mask.height)};
}

Mask mask_of(const Polyline& line, const PixelBox& clip) {
    const PixelBox box = bounds(line.points, line.width_px * 5 + 1, clip);
    return painted_mask(box, levels_of(line.smooth), [&](cairo_t* cairo) { stroke(line, cairo); });
}

Mask mask_of(const FilledPolygon& polygon, const PixelBox& clip) {
    const PixelBox box = bounds(polygon.points, 1, clip);
    return painted_mask(box, levels_of(polygon.smooth),
                        [&](cairo_t* cairo) { fill(polygon, cairo); });
}

}  // namespace kurabe::render
