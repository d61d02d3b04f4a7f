// What surrounds the data: grid, labels, titles, axes, legend and border, as shapes and texts.
#pragma once

#include "render/layout.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {

// Everything a decoration needs to know; refers to the caller's objects.
struct Surroundings {
    const GraphOptions& options;
    const Frame& frame;
    const PlotScale& scale;
    TextMeasurer& measurer;

    [[nodiscard]] Color color(ColorTag tag) const {
        return options.colors[static_cast<std::size_t>(tag)];
    }
    [[nodiscard]] const Font& font(FontTag tag) const {
        return options.fonts[static_cast<std::size_t>(tag)];
    }
};

// The width of the numbers beside the plot: of --units-length digits, none with --y-grid none.
[[nodiscard]] int value_label_room_px(const GraphOptions& options, TextMeasurer& measurer);
// What a right axis adds to the picture's width.
[[nodiscard]] int right_axis_room_px(const GraphOptions& options, TextMeasurer& measurer);

void append_border(const Surroundings& around, DisplayList& list);
// Labels that would touch one another or the picture's edge are left out, evenly.
void append_x_axis(const Surroundings& around, const XAxis& axis, DisplayList& list);
// Grid lines, with the labels of both axes.
void append_y_axis(const Surroundings& around, const std::vector<YLine>& lines, DisplayList& list);
// Title, vertical labels and watermark; shortened with an ellipsis where they have no room.
void append_titles(const Surroundings& around, DisplayList& list);
void append_legend(const Surroundings& around, const EvaluatedGraph& graph, DisplayList& list);
void append_axis_arrows(const Surroundings& around, DisplayList& list);
void append_no_data(const Surroundings& around, DisplayList& list);

}  // namespace kurabe::render
