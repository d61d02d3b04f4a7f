// Turns columns of values into areas, lines and ticks.
#include "render/plot_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kThicknessMax_px = 100;

// Known columns from begin to end - 1.
struct Run {
    std::size_t begin;
    std::size_t end;
};

// The first pixel row that begins at or below a height in the picture or close to it: std::ceil
// without the call that it is where the processor may be an old one.
int row_below(double y) {
    const int row = static_cast<int>(y);
    return row + (y > row ? 1 : 0);
}

std::vector<Run> known_runs(const Columns& columns) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (store::is_unknown(columns[i])) continue;
        if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
        runs.back().end = i + 1;
    }
    return runs;
}

// Collects the shapes of one graph.
class Shapes {
  public:
    Shapes(const PlotScale& scale, bool slope_mode, DisplayList& list)
        : scale_(scale),
          unit_(static_cast<std::size_t>(line_px(scale.pixels_per_unit))),
          slope_mode_(slope_mode),
          list_(list) {}

    void operator()(const EvaluatedArea& area) const {
        if (!area.color) return;
        slope_mode_ ? slope_area(area) : step_area(area);
    }

    void operator()(const EvaluatedLine& line) const {
        if (!line.color || line.width_px <= 0) return;
        if (slope_mode_) return slope_line(line);
        line.dashes.on_off_px.empty() ? step_line(line) : dashed_step_line(line);
    }

    void operator()(const EvaluatedTick& tick) const {
        const auto height = static_cast<int>(
            std::lround(std::clamp(std::abs(tick.fraction), 0.0, 1.0) * scale_.plot.height_px));
        const RowSpan span = tick.fraction < 0
                                 ? RowSpan{scale_.plot.top_px, scale_.plot.top_px + height}
                                 : RowSpan{scale_.bottom() - height, scale_.bottom()};
        ColumnArea marks{.left = scale_.plot.left_px - static_cast<int>(unit_),
                         .columns = {},
                         .color = tick.color};
        const auto width = static_cast<std::size_t>(scale_.plot.width_px);
        for (std::size_t column = 0; column < width; ++column) {
            const Value value = tick.columns[column * tick.columns.size() / width];
            const bool marked = !store::is_unknown(value) && value != 0;
            marks.columns.push_back(marked ? span : RowSpan{});
        }
        list_.push_back(std::move(marks));
    }

    void operator()(const EvaluatedHorizontalRule&) const {}
    void operator()(const EvaluatedVerticalRule&) const {}

  private:
    [[nodiscard]] double zero_y() const {
        return scale_.y_of(std::clamp(0.0, scale_.range.min, scale_.range.max));
    }
    [[nodiscard]] double base_y(const EvaluatedArea& area, std::size_t column) const {
        if (area.base.empty() || store::is_unknown(area.base[column])) return zero_y();
        return scale_.y_of(area.base[column]);
    }

    void step_area(const EvaluatedArea& area) const {
        ColumnArea shape{.left = scale_.plot.left_px, .columns = {}, .color = *area.color};
        shape.columns.resize(std::max(area.columns.size(), unit_) - unit_);
        for (std::size_t i = unit_; i < area.columns.size(); ++i) {
            if (store::is_unknown(area.columns[i])) continue;
            const int top = row_below(scale_.y_of(area.columns[i]));
            const int bottom = row_below(base_y(area, i));
            shape.columns[i - unit_] = {std::min(top, bottom), std::max(top, bottom)};
        }
        list_.push_back(std::move(shape));
    }

    void slope_area(const EvaluatedArea& area) const {
        const double column_px = column_width(area.columns);
        for (const Run& run : known_runs(area.columns)) {
            FilledPolygon shape{.points = {}, .color = *area.color};
            for (std::size_t i = run.begin; i < run.end; ++i) {
                shape.points.push_back({x_of(i, column_px), scale_.y_of(area.columns[i])});
            }
            for (std::size_t i = run.end; i > run.begin; --i) {
                shape.points.push_back({x_of(i - 1, column_px), base_y(area, i - 1)});
            }
            list_.push_back(std::move(shape));
        }
    }

    // Values that slopes connect may be fewer than the plot has pixels.
    [[nodiscard]] double column_width(const Columns& columns) const {
        return static_cast<double>(scale_.plot.width_px) / static_cast<double>(columns.size());
    }
    [[nodiscard]] double x_of(std::size_t column, double column_px = 1) const {
        return scale_.plot.left_px + static_cast<double>(column) * column_px;
    }

    [[nodiscard]] double width_of(const EvaluatedLine& line) const {
        return std::min(line.width_px, kThicknessMax_px) * scale_.pixels_per_unit;
    }

    // A line of a fractional width is as thick as the next whole one, and paler.
    struct Stroke {
        int thickness;
        Color color;
    };
    [[nodiscard]] Stroke stroke_of(const EvaluatedLine& line) const {
        const double width = width_of(line);
        const double thickness = std::max(std::ceil(width), 1.0);
        return {static_cast<int>(thickness), faded(*line.color, width / thickness)};
    }

    [[nodiscard]] RowSpan rows_of(Value value, int thickness) const {
        const int top = scale_.row_of(value, thickness);
        return {top, top + thickness};
    }

    void step_line(const EvaluatedLine& line) const {
        const Stroke stroke = stroke_of(line);
        const auto thickness = static_cast<std::size_t>(stroke.thickness);
        const std::size_t reach = (unit_ + thickness + 1) / 2;
        ColumnArea shape{.left = scale_.plot.left_px, .columns = {}, .color = stroke.color};
        shape.columns.resize(line.columns.size());
        const auto cover = [&](std::size_t column, RowSpan rows) {
            RowSpan& own = shape.columns[column];
            own = own.top >= own.bottom
                      ? rows
                      : RowSpan{std::min(own.top, rows.top), std::max(own.bottom, rows.bottom)};
        };
        RowSpan last_rows;  // of the last known value
        for (std::size_t i = unit_; i < line.columns.size(); ++i) {
            if (store::is_unknown(line.columns[i])) continue;
            const RowSpan rows = rows_of(line.columns[i], stroke.thickness);
            const std::size_t column = i - unit_;
            cover(column, rows);
            const RowSpan before = std::exchange(last_rows, rows);
            if (column == 0 || store::is_unknown(line.columns[i - 1]) || before == rows) continue;
            const RowSpan joint = {std::min(before.top, rows.top),
                                   std::max(before.bottom, rows.bottom)};
            const std::size_t first = column > reach ? column - reach : 0;
            const std::size_t last = std::min(first + thickness, shape.columns.size());
            for (std::size_t joined = first; joined < last; ++joined) cover(joined, joint);
        }
        list_.push_back(std::move(shape));
    }

    // Along the middle of the pixels that the solid line would cover.
    void dashed_step_line(const EvaluatedLine& line) const {
        const Stroke stroke = stroke_of(line);
        const double half = stroke.thickness / 2.0;
        const double shift = half - std::ceil(half) - static_cast<double>((unit_ - 1) / 2);
        for (const Run& run : known_runs(line.columns)) {
            Polyline path = polyline(line, stroke);
            for (std::size_t i = std::max(run.begin, unit_); i < run.end; ++i) {
                const double y = rows_of(line.columns[i], stroke.thickness).top + half;
                const bool first = path.points.empty();
                const double x = x_of(i - unit_);
                path.points.push_back({x + (first ? 0 : shift), y});
                path.points.push_back({x + 1 + (i + 1 == run.end ? 0 : shift), y});
            }
            if (path.points.size() >= 2) list_.push_back(std::move(path));
        }
    }

    void slope_line(const EvaluatedLine& line) const {
        const double column_px = column_width(line.columns);
        for (const Run& run : known_runs(line.columns)) {
            Polyline path{.points = {},
                          .width_px = width_of(line),
                          .dashes = scaled(line.dashes, scale_.pixels_per_unit),
                          .color = *line.color};
            for (std::size_t i = run.begin; i < run.end; ++i) {
                path.points.push_back({x_of(i, column_px), scale_.y_of(line.columns[i])});
            }
            // A single known value is a dot of one column.
            if (path.points.size() == 1) {
                path.points.push_back({path.points[0].x + column_px, path.points[0].y});
            }
            list_.push_back(std::move(path));
        }
    }

    [[nodiscard]] Polyline polyline(const EvaluatedLine& line, const Stroke& stroke) const {
        return {.points = {},
                .width_px = static_cast<double>(stroke.thickness),
                .dashes = scaled(line.dashes, scale_.pixels_per_unit),
                .color = stroke.color};
    }

    const PlotScale& scale_;
    std::size_t unit_;  // pixels of the picture for one of the layout
    bool slope_mode_;
    DisplayList& list_;
};

// A rule: solid ones as pixels, dashed ones as a stroke along the pixels' middle.
void append_rule(const GridLine& line, const Dashes& dashes, DisplayList& list) {
    if (dashes.on_off_px.empty()) {
        list.push_back(line);
        return;
    }
    const double middle = line.position + line.width_px / 2;
    Polyline path{.points = {}, .width_px = line.width_px, .dashes = dashes, .color = line.color};
    for (const double along : {double(line.from), double(line.to)}) {
        path.points.push_back(line.upright ? Point{middle, along} : Point{along, middle});
    }
    list.push_back(std::move(path));
}

}  // namespace

int PlotScale::row_of(Value value, int thickness) const noexcept {
    return row_below(y_of(value) + 0.5) - (thickness + 1) / 2;
}

void append_data(std::span<const Drawn> elements, const PlotScale& scale, bool slope_mode,
                 DisplayList& list) {
    const Shapes shapes(scale, slope_mode, list);
    for (const Drawn& drawn : elements) std::visit(shapes, drawn);
}

void append_rules(const EvaluatedGraph& graph, const PlotScale& scale, const GraphOptions& options,
                  DisplayList& list) {
    const int thickness = line_px(scale.pixels_per_unit);
    const auto drawn_as = [&](GridLine line, Color color, const Dashes& dashes) {
        line.color = faded(color, scale.pixels_per_unit / thickness);
        line.width_px = thickness;
        append_rule(line, scaled(dashes, scale.pixels_per_unit), list);
    };
    const auto start = static_cast<double>(options.start.time_since_epoch().count());
    const auto end = static_cast<double>(options.end.time_since_epoch().count());
    for (const Drawn& drawn : graph.drawn) {
        if (const auto* rule = std::get_if<EvaluatedHorizontalRule>(&drawn)) {
            if (!(rule->value >= scale.range.min && rule->value <= scale.range.max)) continue;
            drawn_as({.position = static_cast<double>(scale.row_of(rule->value, thickness)),
                      .from = scale.plot.left_px,
                      .to = scale.right()},
                     rule->color, rule->dashes);
        } else if (const auto* line = std::get_if<EvaluatedVerticalRule>(&drawn)) {
            if (!(line->time >= start && line->time <= end)) continue;
            const double share = end > start ? (line->time - start) / (end - start) : 0;
            drawn_as({.upright = true,
                      .position =
                          std::floor(share * scale.plot.width_px) + scale.plot.left_px - thickness,
                      .from = scale.plot.top_px,
                      .to = scale.bottom()},
                     line->color, line->dashes);
        }
    }
}

}  // namespace kurabe::render
