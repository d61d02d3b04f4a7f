// The x axis: which local calendar times have a grid line or a label.
// Rule: rrdgraph(1), --x-grid; table measured on rrdtool 1.7.2; compared with it in
// tests/render/rrdtool_geometry_test.cpp. Lines follow the clock on the wall through DST changes.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

struct TimeSpan {
    Time start;
    Time end;  // >= start
};

// The grid that suits a span drawn on `width_px` pixels.
[[nodiscard]] XGrid automatic_x_grid(const TimeSpan& span, int width_px);

// Times start <= t < end on the interval's grid of the local calendar, oldest first. The grid
// begins at the start rounded down: seconds, minutes, hours, months and years to a multiple of the
// count within the next larger unit, days to midnight, weeks to Sunday, as rrdtool does. Empty when
// more than `count_max` would be needed.
[[nodiscard]] std::vector<Time> calendar_times(const GridInterval& interval, const TimeSpan& span,
                                               const store::TimeZone& zone, std::size_t count_max);

struct XLabel {
    Time centre;
    std::string text;
};

struct XAxis {
    TimeSpan span = {};
    std::vector<Time> minor;  // without those that are major
    std::vector<Time> major;
    std::vector<XLabel> labels;
};

// Lines and labels of a grid; empty with no_x_grid. kInvalid for a bad label format.
[[nodiscard]] Result<XAxis> x_axis(const GraphOptions& options, const store::TimeZone& zone);

// The column boundary of a time: 0 at the start, width_px at the end; rounded down.
[[nodiscard]] int column_of(Time time, const TimeSpan& span, int width_px);

}  // namespace kurabe::render
