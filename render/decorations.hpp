// What surrounds the data: grid, labels, titles, axes and border, as shapes and texts.
// The legend is in legend_shapes.hpp.
#pragma once

#include <optional>

#include "render/frame.hpp"
#include "render/plot_shapes.hpp"
#include "render/x_axis.hpp"
#include "render/y_axis.hpp"

namespace kurabe::render {

// Everything a decoration needs to know; refers to the caller's objects.
struct Surroundings {
    const GraphOptions& options;
    const Frame& frame;
    const PlotScale& scale;
    const PlotScale& sharp;  // the same in the picture's pixels
    TextMeasurer& measurer;

    [[nodiscard]] Color color(ColorTag tag) const {
        return options.colors[static_cast<std::size_t>(tag)];
    }
    [[nodiscard]] const Font& font(FontTag tag) const {
        return options.fonts[static_cast<std::size_t>(tag)];
    }
};

// Where thin lines begin, in the layout's pixels and as closely as the picture's allow.
[[nodiscard]] double row_of(const Surroundings& around, Value value);
[[nodiscard]] double column_of(const Surroundings& around, Time time);

void append_border(const Surroundings& around, DisplayList& list);

struct TimeAxes {
    const XAxis& own;
    const std::optional<XAxis>& beside;  // of --scale-with: its picture has as many labels left out
};

// Labels that would touch one another or the picture's edge are left out, evenly.
void append_x_axis(const Surroundings& around, const TimeAxes& axes, DisplayList& list);
// Grid lines, with the labels of both axes.
void append_y_axis(const Surroundings& around, const std::vector<YLine>& lines, DisplayList& list);
// Title, vertical labels and watermark; shortened with an ellipsis where they have no room.
void append_titles(const Surroundings& around, DisplayList& list);
void append_axis_arrows(const Surroundings& around, DisplayList& list);
void append_no_data(const Surroundings& around, DisplayList& list);

}  // namespace kurabe::render
