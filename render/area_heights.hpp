// Where an area's edges lie on the picture, and the colours between them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "render/plot_shapes.hpp"

namespace kurabe::render {

// Refers to both.
class AreaHeights {
  public:
    AreaHeights(const EvaluatedArea& area, const PlotScale& scale)
        : area_(area),
          scale_(scale),
          zero_(scale.y_of(std::clamp(0.0, scale.range.min, scale.range.max))) {}

    [[nodiscard]] double of_value(std::size_t column) const {
        return scale_.y_of(area_.columns[column]);
    }
    [[nodiscard]] double of_base(std::size_t column) const {
        if (area_.base.empty() || store::is_unknown(area_.base[column])) return zero_;
        return scale_.y_of(area_.base[column]);
    }
    // The heights at which a column has both colours of the area's gradient.
    [[nodiscard]] Gradient::Course course_of(double value_y, double base_y) const {
        const double height = area_.gradient->height_px * scale_.pixels_per_unit;
        if (height > 0) return {value_y, value_y + height};
        if (height < 0) return {base_y + height, base_y};
        return {value_y, base_y};
    }

  private:
    const EvaluatedArea& area_;
    const PlotScale& scale_;
    double zero_;
};

// Without its columns. The area has a colour and a gradient.
[[nodiscard]] inline Gradient gradient_of(const EvaluatedArea& area, int left_px, int colors) {
    return {.left = left_px,
            .columns = {},
            .first = *area.color,
            .second = area.gradient->second,
            .colors = colors};
}

}  // namespace kurabe::render
