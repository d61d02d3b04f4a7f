// Evaluated data -> shapes inside the plot, on whole pixels.
// A value of column i fills the pixel column before the boundary i, and a line's upright parts
// stand on the pixel before a change, as in rrdtool, whose grid lines stand there too. Both are a
// pixel of the layout: in a larger picture as many of its own.
#pragma once

#include <algorithm>
#include <span>

#include "render/display_list.hpp"
#include "render/evaluated.hpp"
#include "render/pixel_fit.hpp"
#include "render/value_range.hpp"

namespace kurabe::render {

// Where values lie on the picture.
struct PlotScale {
    PlotScale(const PlotRectangle& of_plot, const ValueRange& of_range,
              Scaling of_values = Scaling::kLinear, double of_unit = 1) noexcept;

    PlotRectangle plot;
    ValueRange range;
    Scaling scaling;
    double pixels_per_unit;  // of the layout: how much longer lengths are that are given in pixels

    // The height of a value between pixels; far values end just outside the plot. On a logarithmic
    // scale all values below the range lie on its end.
    [[nodiscard]] double y_of(Value value) const noexcept {
        if (scaling == Scaling::kLogarithmic) value = logarithm_in_range(value);
        const double y = bottom() - (value - zero_) * pixels_per_value_;
        const double outside = kOutside_px * pixels_per_unit;
        return std::clamp(y, plot.top_px - outside, bottom() + outside);
    }
    // The same of each value; of an unknown one that of any.
    void heights_of(std::span<const Value> values, std::span<double> heights) const noexcept;
    // The first pixel row of a line at the value.
    [[nodiscard]] int row_of(Value value, int thickness = 1) const noexcept {
        return line_row(y_of(value), thickness);
    }
    // The pixels that a pixel of the layout takes along a side.
    [[nodiscard]] int unit_px() const noexcept;
    [[nodiscard]] int bottom() const noexcept { return plot.top_px + plot.height_px; }
    [[nodiscard]] int right() const noexcept { return plot.left_px + plot.width_px; }

    static constexpr double kOutside_px = 20;  // how far beyond the plot a shape may reach

  private:
    [[nodiscard]] double logarithm_in_range(Value value) const noexcept;

    double zero_;  // what lies on the lower end, as a value or its logarithm
    double pixels_per_value_;
};

inline constexpr double kThicknessMax_px = 100;

// Areas, lines and ticks, in their order.
void append_data(std::span<const Drawn> drawn, const PlotScale& scale, const GraphOptions& options,
                 DisplayList& list);
void append_line(const EvaluatedLine& line, const PlotScale& scale, const GraphOptions& options,
                 DisplayList& list);

// Horizontal and vertical rules inside the plot, drawn last.
void append_rules(std::span<const Drawn> graph, const PlotScale& scale, const GraphOptions& options,
                  DisplayList& list);

}  // namespace kurabe::render
