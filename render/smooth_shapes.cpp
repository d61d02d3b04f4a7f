// A path for each run of known values.
#include "render/smooth_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "render/area_heights.hpp"
#include "render/pixel_fit.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

// Known columns from begin to end - 1.
struct KnownRun {
    std::size_t begin;
    std::size_t end;
};

std::vector<KnownRun> known_runs(const Columns& columns) {
    std::vector<KnownRun> runs;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (store::is_unknown(columns[i])) continue;
        if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
        runs.back().end = i + 1;
    }
    return runs;
}

// Where values lie between left and right, and the paths from value to value.
class PathBuilder {
  public:
    PathBuilder(const PlotScale& scale, std::size_t columns, bool sloping)
        : left_(scale.plot.left_px),
          column_px_(sloping
                         ? static_cast<double>(scale.plot.width_px) / static_cast<double>(columns)
                         : 1),
          first_(sloping ? 0 : static_cast<std::size_t>(scale.unit_px())),
          sloping_(sloping) {}

    // The first value of `run` that is seen: steps are on the layout's pixel before their column.
    [[nodiscard]] std::size_t first_of(const KnownRun& run) const {
        return std::max(run.begin, first_);
    }

    // Of the value of `column`: where it is in slope mode, otherwise both ends of its step.
    void add(std::vector<Point>& points, std::size_t column, double y) const {
        if (!sloping_) add_level(points, {x_of(column), y});
        points.push_back({sloping_ ? x_of(column) : x_of(column + 1), y});
    }
    // The same from right to left.
    void add_backwards(std::vector<Point>& points, std::size_t column, double y) const {
        if (!sloping_) add_level(points, {x_of(column + 1), y});
        points.push_back({x_of(column), y});
    }

    // In slope mode, the value that lies at the middle of a pixel column.
    [[nodiscard]] double value_at(int pixel_column) const {
        return (pixel_column + 0.5 - left_) / column_px_;
    }
    [[nodiscard]] double column_px() const { return column_px_; }
    [[nodiscard]] double x_of(std::size_t column) const {
        return left_ + static_cast<double>(column - first_) * column_px_;
    }

  private:
    // Equal values next to each other are one step.
    static void add_level(std::vector<Point>& points, Point begin) {
        if (!points.empty() && points.back().y == begin.y) {
            points.pop_back();
        } else {
            points.push_back(begin);
        }
    }

    double left_;
    double column_px_;   // from value to value: in slope mode there may be fewer than pixels
    std::size_t first_;  // the value at the plot's left edge
    bool sloping_;
};

// Of one run: each pixel column has the colours of its value, and in slope mode of what lies
// between two of them.
Gradient gradient_of_run(const EvaluatedArea& area, const AreaHeights& heights,
                         const PathBuilder& path, bool sloping, KnownRun run, int colors) {
    const auto values = heights.values();
    const auto bases = heights.bases();
    const std::size_t first = path.first_of(run);
    const int left = static_cast<int>(path.x_of(first));
    Gradient gradient = gradient_of(area, left, colors);
    if (!sloping) {
        for (std::size_t i = first; i < run.end; ++i) {
            gradient.columns.push_back(heights.course_of(values[i], bases[i]));
        }
        return gradient;
    }
    const auto last = static_cast<double>(run.end - 1);
    for (int x = left; x < path.x_of(run.end - 1); ++x) {
        const double at = std::clamp(path.value_at(x), static_cast<double>(first), last);
        const auto before = static_cast<std::size_t>(at);
        const std::size_t after = std::min(before + 1, run.end - 1);
        const double share = at - static_cast<double>(before);
        gradient.columns.push_back(
            heights.course_of(std::lerp(values[before], values[after], share),
                              std::lerp(bases[before], bases[after], share)));
    }
    return gradient;
}

}  // namespace

void append_smooth_area(const EvaluatedArea& area, const PlotScale& scale,
                        const GraphOptions& options, int gradient_colors, DisplayList& list) {
    const AreaHeights heights(area, scale);
    const PathBuilder path(scale, area.columns.size(), options.slope_mode);
    for (const KnownRun& run : known_runs(area.columns)) {
        FilledPolygon shape{.points = {}, .color = *area.color, .smooth = !options.rough_edges};
        if (area.gradient) {
            shape.gradient =
                gradient_of_run(area, heights, path, options.slope_mode, run, gradient_colors);
        }
        // Both edges of column i.
        const auto edges = [&](std::size_t i) {
            const double value = heights.values()[i];
            const double base = heights.bases()[i];
            if (options.no_gridfit) return std::pair(value, base);
            const RowSpan rows =
                fitted_rows(value, base, !area.base.empty() && area.color->alpha < 255);
            return value <= base ? std::pair(double(rows.top), double(rows.bottom))
                                 : std::pair(double(rows.bottom), double(rows.top));
        };
        const std::size_t first = path.first_of(run);
        for (std::size_t i = first; i < run.end; ++i) {
            path.add(shape.points, i, edges(i).first);
        }
        for (std::size_t i = run.end; i-- > first;) {
            path.add_backwards(shape.points, i, edges(i).second);
        }
        if (!shape.points.empty()) list.emplace_back(std::move(shape));
    }
}

void append_smooth_line(const EvaluatedLine& line, const PlotScale& scale,
                        const GraphOptions& options, DisplayList& list) {
    const PathBuilder builder(scale, line.columns.size(), options.slope_mode);
    for (const KnownRun& run : known_runs(line.columns)) {
        Polyline path{.points = {},
                      .width_px = std::min(line.width_px, kThicknessMax_px) * scale.pixels_per_unit,
                      .dashes = scaled(line.dashes, scale.pixels_per_unit),
                      .color = *line.color,
                      .smooth = !options.rough_edges};
        for (std::size_t i = builder.first_of(run); i < run.end; ++i) {
            const double y = scale.y_of(line.columns[i]);
            builder.add(path.points, i, options.no_gridfit ? y : fitted_middle(y, path.width_px));
        }
        if (!options.no_gridfit) {
            const double shift = fitted_shift(path.width_px, scale.unit_px());
            for (Point& point : path.points) point.x -= shift;
        }
        // A single known value is a dot of one column.
        if (path.points.size() == 1) {
            path.points.push_back({path.points[0].x + builder.column_px(), path.points[0].y});
        }
        if (!path.points.empty()) list.emplace_back(std::move(path));
    }
}

}  // namespace kurabe::render
