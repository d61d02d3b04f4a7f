// Paths of points.
#include "render/cairo_paths.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "render/cairo_handles.hpp"

namespace kurabe::render {

namespace {

// Corners of steps are sharp (a right angle needs 1.42); the spikes of steep slopes are cut.
inline constexpr double kMiterLimit = 1.5;
// Dashes of one line: a few for each of its points besides those of a straight one. Cairo takes a
// microsecond or more for each, and a noisy line over a large picture could have millions.
inline constexpr double kStrokedDashesMax = 2000;
inline constexpr double kDashesPerPointMax = 4;

// A text may have left a point behind.
void trace(const std::vector<Point>& points, cairo_t* cairo) {
    cairo_new_path(cairo);
    for (const Point& point : points) cairo_line_to(cairo, point.x, point.y);
}

// Whether so many dashes are cheap to draw.
bool has_few_dashes(const Polyline& line) {
    const auto& pattern = line.dashes.on_off_px;
    double length_px = 0;
    for (std::size_t i = 1; i < line.points.size(); ++i) {
        length_px += std::hypot(line.points[i].x - line.points[i - 1].x,
                                line.points[i].y - line.points[i - 1].y);
    }
    const double period_px = std::reduce(pattern.begin(), pattern.end());
    const double dashes_max =
        kStrokedDashesMax + kDashesPerPointMax * static_cast<double>(line.points.size());
    return length_px <= period_px * dashes_max;
}

}  // namespace

void stroke(const Polyline& line, cairo_t* cairo) {
    const auto& dashes = line.dashes.on_off_px;
    const int count = has_few_dashes(line) ? static_cast<int>(dashes.size()) : 0;
    cairo_set_dash(cairo, dashes.data(), count, line.dashes.offset_px);
    cairo_set_line_width(cairo, line.width_px);
    cairo_set_miter_limit(cairo, kMiterLimit);
    trace(line.points, cairo);
    cairo_stroke(cairo);
}

void fill(const FilledPolygon& polygon, cairo_t* cairo) {
    trace(polygon, cairo);
    cairo_fill(cairo);
}

void trace(const FilledPolygon& polygon, cairo_t* cairo) {
    trace(polygon.points, cairo);
}

}  // namespace kurabe::render
