// Sizes and rectangles of a picture, in its own pixels.
#pragma once

namespace kurabe::render {

struct ImageSize {
    int width_px = 0;
    int height_px = 0;
    bool operator==(const ImageSize&) const = default;
};

struct PlotRectangle {
    int left_px = 0;
    int top_px = 0;
    int width_px = 0;
    int height_px = 0;
    bool operator==(const PlotRectangle&) const = default;
};

// Pixels with left <= x < right and top <= y < bottom.
struct PixelBox {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    bool operator==(const PixelBox&) const = default;

    [[nodiscard]] bool empty() const noexcept { return left >= right || top >= bottom; }
};

// A point between pixels: (0, 0) is the upper left corner of the picture.
struct Point {
    double x = 0;
    double y = 0;
    bool operator==(const Point&) const = default;
};

}  // namespace kurabe::render
