// A graph as positions: where everything stands, decided once, before any pixel is touched.
// Third stage of a graph. Geometry is that of rrdtool 1.7.2 for the same fonts; compared with it in
// tests/render/rrdtool_geometry_test.cpp.
#pragma once

#include "render/display_list.hpp"
#include "render/evaluated.hpp"
#include "render/frame.hpp"
#include "render/text_measurer.hpp"
#include "render/x_axis.hpp"
#include "render/y_axis.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// The list is in the picture's pixels, everything else in those of the layout, which are the same
// at any zoom.
struct Layout {
    ImageSize size;
    ImageSize picture_size;
    PlotRectangle plot;
    ValueRange range;
    Scaling scaling = Scaling::kLinear;
    Legend legend;
    XAxis x_axis;  // both empty with only_graph
    std::vector<YLine> y_lines;
    DisplayList list;
};

// kInvalid for a label format that strftime does not know.
[[nodiscard]] Result<Layout> lay_out(const GraphOptions& options, const EvaluatedGraph& graph,
                                     const store::TimeZone& zone, TextMeasurer& measurer);

}  // namespace kurabe::render
