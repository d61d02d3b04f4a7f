// A solid line is one span of rows for each column; a dashed one is walked along in pixels.
#include "render/step_lines.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "render/dash_walk.hpp"
#include "render/pixel_fit.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

struct Stroke {
    int thickness;
    Color color;
};

Stroke stroke_of(const EvaluatedLine& line, double pixels_per_unit) {
    const double width = std::min(line.width_px, kThicknessMax_px) * pixels_per_unit;
    const double thickness = std::max(std::ceil(width), 1.0);
    return {static_cast<int>(thickness), faded(*line.color, width / thickness)};
}

RowSpan united(RowSpan one, RowSpan other) {
    return {std::min(one.top, other.top), std::max(one.bottom, other.bottom)};
}

// Where the values of a line lie on the picture.
class StepTrace {
  public:
    StepTrace(const Columns& columns, const PlotScale& scale, int thickness)
        : columns_(columns),
          scale_(scale),
          thickness_(thickness),
          first_(static_cast<std::size_t>(scale.unit_px())) {}

    // The first column with pixels: they are the layout's pixel before it.
    [[nodiscard]] std::size_t first() const noexcept { return first_; }
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    [[nodiscard]] bool is_known(std::size_t column) const noexcept {
        return !store::is_unknown(columns_[column]);
    }
    [[nodiscard]] RowSpan rows_of(std::size_t column) const noexcept {
        const int top = scale_.row_of(columns_[column], thickness_);
        return {top, top + thickness_};
    }
    // The pixel columns begin <= x < end of the upright part before a value that differs from the
    // one before it.
    struct Joint {
        std::size_t begin;
        std::size_t end;
    };
    [[nodiscard]] Joint joint_before(std::size_t column) const noexcept {
        const auto thickness = static_cast<std::size_t>(thickness_);
        const auto reach =
            static_cast<std::size_t>(upright_reach(thickness_, static_cast<int>(first_)));
        const std::size_t left = column - first_;
        const std::size_t begin = left > reach ? left - reach : 0;
        return {begin, std::min(begin + thickness, columns_.size())};
    }

  private:
    const Columns& columns_;
    const PlotScale& scale_;
    int thickness_;
    std::size_t first_;
};

ColumnArea solid_line(const StepTrace& trace, int left_px, Color color) {
    ColumnArea shape{.left = left_px, .columns = {}, .color = color};
    shape.columns.resize(trace.size());
    const auto cover = [&](std::size_t column, RowSpan rows) {
        RowSpan& own = shape.columns[column];
        own = own.top >= own.bottom ? rows : united(own, rows);
    };
    RowSpan last_rows;  // of the last known value
    for (std::size_t i = trace.first(); i < trace.size(); ++i) {
        if (!trace.is_known(i)) continue;
        const RowSpan rows = trace.rows_of(i);
        cover(i - trace.first(), rows);
        const RowSpan before = std::exchange(last_rows, rows);
        if (i == trace.first() || !trace.is_known(i - 1) || before == rows) continue;
        const RowSpan joint = united(before, rows);
        const auto [begin, end] = trace.joint_before(i);
        for (std::size_t column = begin; column < end; ++column) cover(column, joint);
    }
    return shape;
}

// Walks along a line and keeps the boxes of its dashes.
class DashedPath {
  public:
    DashedPath(const StepTrace& trace, const Dashes& dashes, int left_px, FilledBoxes& shape)
        : trace_(trace), dashes_(dashes), left_px_(left_px), shape_(shape) {}

    // Known values from begin to end - 1, all with pixels.
    void add_run(std::size_t begin, std::size_t end) {
        DashWalk walk(dashes_);
        std::size_t from = begin - trace_.first();  // where the level part begins
        std::size_t to = 0;  // where it ends at the least: a thick joint's right side
        for (std::size_t i = begin; i < end; ++i) {
            const RowSpan rows = trace_.rows_of(i);
            if (i + 1 == end) return level(walk, from, std::max(end - trace_.first(), to), rows);
            const RowSpan next = trace_.rows_of(i + 1);
            if (next == rows) continue;
            const auto joint = trace_.joint_before(i + 1);
            to = std::max(joint.end, to);
            level(walk, std::min(from, joint.begin), to, rows);
            upright(walk, joint, rows, next);
            from = joint.begin;
        }
    }

  private:
    void level(DashWalk& walk, std::size_t begin, std::size_t end, RowSpan rows) {
        if (begin >= end) return;
        const int left = left_px_ + static_cast<int>(begin);
        walk.parts(static_cast<int>(end - begin), [&](int from, int to) {
            shape_.boxes.push_back({left + from, rows.top, left + to, rows.bottom});
        });
    }

    // What is between two levels.
    void upright(DashWalk& walk, const StepTrace::Joint& joint, RowSpan rows, RowSpan next) {
        const bool downward = next.top > rows.top;
        const RowSpan between =
            downward ? RowSpan{rows.bottom, next.top} : RowSpan{next.bottom, rows.top};
        if (between.top >= between.bottom) return;
        const int left = left_px_ + static_cast<int>(joint.begin);
        const int right = left_px_ + static_cast<int>(joint.end);
        walk.parts(between.bottom - between.top, [&](int from, int to) {
            shape_.boxes.push_back(
                downward ? PixelBox{left, between.top + from, right, between.top + to}
                         : PixelBox{left, between.bottom - to, right, between.bottom - from});
        });
    }

    const StepTrace& trace_;
    const Dashes& dashes_;
    int left_px_;
    FilledBoxes& shape_;
};

double length_px(const StepTrace& trace) {
    double length = static_cast<double>(trace.size());
    for (std::size_t i = trace.first() + 1; i < trace.size(); ++i) {
        if (!trace.is_known(i) || !trace.is_known(i - 1)) continue;
        length += std::abs(trace.rows_of(i).top - trace.rows_of(i - 1).top);
    }
    return length;
}

}  // namespace

void append_step_line(const EvaluatedLine& line, const PlotScale& scale, DisplayList& list) {
    const Stroke stroke = stroke_of(line, scale.pixels_per_unit);
    const Dashes dashes = scaled(line.dashes, scale.pixels_per_unit);
    const StepTrace trace(line.columns, scale, stroke.thickness);
    if (dashes.on_off_px.empty() || !has_few_dashes(dashes, length_px(trace), trace.size())) {
        list.emplace_back(solid_line(trace, scale.plot.left_px, stroke.color));
        return;
    }
    FilledBoxes shape{.boxes = {}, .color = stroke.color};
    DashedPath path(trace, dashes, scale.plot.left_px, shape);
    for (std::size_t i = trace.first(); i < trace.size(); ++i) {
        if (!trace.is_known(i)) continue;
        std::size_t end = i + 1;
        while (end < trace.size() && trace.is_known(end)) ++end;
        path.add_run(i, end);
        i = end;
    }
    list.emplace_back(std::move(shape));
}

}  // namespace kurabe::render
