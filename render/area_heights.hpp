// Where an area's edges lie on the picture, and the colours between them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "render/plot_shapes.hpp"

namespace kurabe::render {

// Refers to both.
class AreaHeights {
  public:
    AreaHeights(const EvaluatedArea& area, const PlotScale& scale)
        : area_(area),
          scale_(scale),
          zero_(scale.y_of(std::clamp(0.0, scale.range.min, scale.range.max))),
          values_(area.columns.size()),
          bases_(area.columns.size(), zero_) {
        scale.heights_of(area.columns, values_);
        if (area.base.empty()) return;
        scale.heights_of(area.base, bases_);
        for (std::size_t i = 0; i < bases_.size(); ++i) {
            if (store::is_unknown(area.base[i])) bases_[i] = zero_;
        }
    }

    // By column; of unknown values any.
    [[nodiscard]] std::span<const double> values() const { return values_; }
    // Zero's where the area stands on nothing.
    [[nodiscard]] std::span<const double> bases() const { return bases_; }

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
    std::vector<double> values_;
    std::vector<double> bases_;
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
