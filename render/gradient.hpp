// The colours of a gradient, as many as it has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "render/display_list.hpp"

namespace kurabe::render {

// From the first to the second colour, evenly; at least two.
[[nodiscard]] inline std::vector<Color> gradient_colors(const Gradient& gradient) {
    const int last = std::max(gradient.colors - 1, 1);
    std::vector<Color> colors;
    for (int i = 0; i <= last; ++i) {
        const auto between = [&](std::uint8_t first, std::uint8_t second) {
            return static_cast<std::uint8_t>((first * (last - i) + second * i + last / 2) / last);
        };
        colors.push_back({between(gradient.first.red, gradient.second.red),
                          between(gradient.first.green, gradient.second.green),
                          between(gradient.first.blue, gradient.second.blue),
                          between(gradient.first.alpha, gradient.second.alpha)});
    }
    return colors;
}

// Where a column's colours lie: the pixel of row y has color_at(y).
class GradientColumn {
  public:
    GradientColumn() = default;
    GradientColumn(const Gradient::Course& course, int colors) noexcept
        : last_(static_cast<float>(std::max(colors - 1, 1))) {
        const double given = course.end - course.begin;
        // Not even a pixel high: an edge.
        const double height = given > -kEdge_px && given < kEdge_px ? kEdge_px : given;
        slope_ = static_cast<float>(last_ / height);
        // Half a colour more, so that cutting rounds; half a pixel more for the pixel's middle.
        offset_ = static_cast<float>((0.5 - course.begin) * (last_ / height) + 0.5);
    }
    // An index into gradient_colors().
    [[nodiscard]] std::size_t color_at(int y) const noexcept {
        const float color = static_cast<float>(y) * slope_ + offset_;
        return static_cast<std::size_t>(color > 0 ? std::min(color, last_) : 0);
    }

  private:
    static constexpr double kEdge_px = 1e-3;

    float slope_ = 0;
    float offset_ = 0;
    float last_ = 1;
};

}  // namespace kurabe::render
