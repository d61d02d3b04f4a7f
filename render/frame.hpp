// The picture's size and where plot and legend lie in it.
// Geometry is that of rrdtool 1.7.2 for the same fonts; compared with it in
// tests/render/rrdtool_geometry_test.cpp and tests/differential/legend_differential_test.cpp.
#pragma once

#include "render/evaluated.hpp"
#include "render/geometry.hpp"
#include "render/legend.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

struct Frame {
    ImageSize size;
    PlotRectangle plot;
    Legend legend;
    int left_px = 0;   // where the room of the vertical label and the value labels begins
    int right_px = 0;  // where that of the right axis ends: at a legend or the picture's edge
};

// Without a legend, or with one of a given height (beside the plot: width), size and plot follow
// from the options alone; otherwise the legend's texts, and so the data, have their part in them.
[[nodiscard]] Frame place_frame(const GraphOptions& options, const EvaluatedGraph& graph,
                                TextMeasurer& measurer);

// The width of the numbers beside the plot: of --units-length digits, none with --y-grid none.
[[nodiscard]] int value_label_room_px(const GraphOptions& options, TextMeasurer& measurer);
// What a right axis adds to the picture's width.
[[nodiscard]] int right_axis_room_px(const GraphOptions& options, TextMeasurer& measurer);

}  // namespace kurabe::render
