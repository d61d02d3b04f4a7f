// Evaluated data -> shapes inside the plot, on whole pixels.
// A value of column i fills the pixel column before the boundary i, and a line's upright parts
// stand on the pixel before a change, as in rrdtool, whose grid lines stand there too. Both are a
// pixel of the layout: in a larger picture as many of its own.
#pragma once

#include <algorithm>
#include <span>

#include "render/display_list.hpp"
#include "render/evaluated.hpp"
#include "render/y_axis.hpp"

namespace kurabe::render {

// Where values lie on the picture.
struct PlotScale {
    PlotScale(const PlotRectangle& of_plot, const ValueRange& of_range, double of_unit = 1) noexcept
        : plot(of_plot),
          range(of_range),
          pixels_per_value(of_plot.height_px / (of_range.max - of_range.min)),
          pixels_per_unit(of_unit) {}

    PlotRectangle plot;
    ValueRange range;
    double pixels_per_value;
    double pixels_per_unit;  // of the layout: how much longer lengths are that are given in pixels

    // The height of a value between pixels; far values end just outside the plot.
    [[nodiscard]] double y_of(Value value) const noexcept {
        const double y = bottom() - (value - range.min) * pixels_per_value;
        const double outside = kOutside_px * pixels_per_unit;
        return std::clamp(y, plot.top_px - outside, bottom() + outside);
    }
    // The first pixel row of a line at the value.
    [[nodiscard]] int row_of(Value value, int thickness = 1) const noexcept;
    [[nodiscard]] int bottom() const noexcept { return plot.top_px + plot.height_px; }
    [[nodiscard]] int right() const noexcept { return plot.left_px + plot.width_px; }

    static constexpr double kOutside_px = 20;  // how far beyond the plot a shape may reach
};

// Areas, lines and ticks, in their order; `slope_mode` connects points instead of steps.
void append_data(std::span<const Drawn> elements, const PlotScale& scale, bool slope_mode,
                 DisplayList& list);

// Horizontal and vertical rules inside the plot, drawn last.
void append_rules(const EvaluatedGraph& graph, const PlotScale& scale, const GraphOptions& options,
                  DisplayList& list);

}  // namespace kurabe::render
