// A path for each run of known values.
#include "render/smooth_shapes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "render/area_heights.hpp"
#include "render/pixel_fit.hpp"

namespace kurabe::render {

namespace {

// Known columns from begin to end - 1.
struct Run {
    std::size_t begin;
    std::size_t end;
};

std::vector<Run> known_runs(const Columns& columns) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (store::is_unknown(columns[i])) continue;
        if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
        runs.back().end = i + 1;
    }
    return runs;
}

// Collects the points of a path from value to value.
class PathBuilder {
  public:
    PathBuilder(const PlotScale& scale, bool sloping) : scale_(scale), sloping_(sloping) {}

    // Of the value of `column`: where it is in slope mode, otherwise both ends of its step.
    void add(std::vector<Point>& points, std::size_t column, double y) const {
        if (!sloping_ && column > 0) points.push_back({x_of(column - 1), y});
        if (sloping_ || column > 0) points.push_back({x_of(column), y});
    }
    // The same from right to left.
    void add_backwards(std::vector<Point>& points, std::size_t column, double y) const {
        if (sloping_ || column > 0) points.push_back({x_of(column), y});
        if (!sloping_ && column > 0) points.push_back({x_of(column - 1), y});
    }

  private:
    [[nodiscard]] double x_of(std::size_t column) const {
        return scale_.plot.left_px + static_cast<double>(column);
    }

    const PlotScale& scale_;
    bool sloping_;
};

// Of one run: the pixel column before boundary i has the colours of value i, and in slope mode of
// what lies halfway between it and the value before.
Gradient gradient_of_run(const EvaluatedArea& area, const PlotScale& scale, bool sloping, Run run,
                         int colors) {
    const std::size_t first = std::max<std::size_t>(run.begin, 1);
    const AreaHeights heights(area, scale);
    Gradient gradient = gradient_of(area, scale.plot.left_px + static_cast<int>(first) - 1, colors);
    for (std::size_t i = first; i < run.end; ++i) {
        const std::size_t before = sloping && i > run.begin ? i - 1 : i;
        gradient.columns.push_back(course_of(*area.gradient,
                                             (heights.of_value(before) + heights.of_value(i)) / 2,
                                             (heights.of_base(before) + heights.of_base(i)) / 2));
    }
    return gradient;
}

}  // namespace

void append_smooth_area(const EvaluatedArea& area, const PlotScale& scale,
                        const GraphOptions& options, int gradient_colors, DisplayList& list) {
    const AreaHeights heights(area, scale);
    const PathBuilder path(scale, options.slope_mode);
    for (const Run& run : known_runs(area.columns)) {
        FilledPolygon shape{.points = {}, .color = *area.color, .smooth = !options.rough_edges};
        if (area.gradient) {
            shape.gradient = gradient_of_run(area, scale, options.slope_mode, run, gradient_colors);
        }
        // Both edges of column i.
        const auto edges = [&](std::size_t i) {
            const double value = heights.of_value(i);
            const double base = heights.of_base(i);
            if (options.no_gridfit) return std::pair(value, base);
            const RowSpan rows =
                fitted_rows(value, base, !area.base.empty() && area.color->alpha < 255);
            return value <= base ? std::pair(double(rows.top), double(rows.bottom))
                                 : std::pair(double(rows.bottom), double(rows.top));
        };
        for (std::size_t i = run.begin; i < run.end; ++i) {
            path.add(shape.points, i, edges(i).first);
        }
        for (std::size_t i = run.end; i-- > run.begin;) {
            path.add_backwards(shape.points, i, edges(i).second);
        }
        if (!shape.points.empty()) list.emplace_back(std::move(shape));
    }
}

void append_smooth_line(const EvaluatedLine& line, const PlotScale& scale,
                        const GraphOptions& options, DisplayList& list) {
    const PathBuilder builder(scale, options.slope_mode);
    for (const Run& run : known_runs(line.columns)) {
        Polyline path{.points = {},
                      .width_px = std::min(line.width_px, kThicknessMax_px),
                      .dashes = line.dashes,
                      .color = *line.color,
                      .smooth = !options.rough_edges};
        for (std::size_t i = run.begin; i < run.end; ++i) {
            const double y = scale.y_of(line.columns[i]);
            builder.add(path.points, i, options.no_gridfit ? y : fitted_middle(y, path.width_px));
        }
        if (!options.no_gridfit) {
            for (Point& point : path.points) point.x -= fitted_shift(path.width_px);
        }
        // A single known value is a dot of one column.
        if (path.points.size() == 1) {
            path.points.push_back({path.points[0].x + 1, path.points[0].y});
        }
        if (!path.points.empty()) list.emplace_back(std::move(path));
    }
}

}  // namespace kurabe::render
