// Turns columns of values into areas, lines and ticks.
#include "render/plot_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "render/area_heights.hpp"
#include "render/dash_walk.hpp"
#include "render/pixel_fit.hpp"
#include "render/scaling.hpp"
#include "render/smooth_shapes.hpp"
#include "render/step_lines.hpp"

namespace kurabe::render {

namespace {

// Colours of a gradient, by how many there are: with the grid over them and with the texts' and the
// other shapes' colours, those of one or two find room in a palette.
inline constexpr int kColorsOfOneGradient = 32;
inline constexpr int kColorsOfTwoGradients = 20;
inline constexpr int kColorsOfMoreGradients = 64;

int colors_of_gradients(std::span<const Drawn> drawn) {
    const auto gradients = std::ranges::count_if(drawn, [](const Drawn& one) {
        const auto* const area = std::get_if<EvaluatedArea>(&one);
        return area != nullptr && area->gradient.has_value();
    });
    if (gradients > 2) return kColorsOfMoreGradients;
    return gradients == 2 ? kColorsOfTwoGradients : kColorsOfOneGradient;
}

// Collects the shapes of one graph.
class Shapes {
  public:
    Shapes(const PlotScale& scale, const GraphOptions& options, int gradient_colors,
           DisplayList& list)
        : scale_(scale),
          unit_(scale.unit_px()),
          options_(options),
          gradient_colors_(gradient_colors),
          list_(list) {}

    void operator()(const EvaluatedArea& area) const {
        if (!area.color) return;
        if (!on_pixels()) {
            return append_smooth_area(area, scale_, options_, gradient_colors_, list_);
        }
        step_area(area);
    }

    void operator()(const EvaluatedLine& line) const {
        if (!line.color || line.width_px <= 0) return;
        on_pixels() ? append_step_line(line, scale_, list_)
                    : append_smooth_line(line, scale_, options_, list_);
    }

    void operator()(const EvaluatedTick& tick) const {
        const double share = std::clamp(std::abs(tick.fraction), 0.0, 1.0);
        RowSpan span;  // a line: the pixels of both of its ends are its own
        if (tick.fraction > 0) {
            const double end = scale_.bottom() - share * scale_.plot.height_px;
            span = {line_row(end, unit_), scale_.bottom() + unit_};
        } else if (tick.fraction < 0) {
            const double end = scale_.plot.top_px + share * scale_.plot.height_px;
            span = {scale_.plot.top_px, line_row(end, unit_) + unit_};
        }
        ColumnArea marks{.left = scale_.plot.left_px - unit_, .columns = {}, .color = tick.color};
        // In slope mode there may be fewer values than the picture has pixels.
        const auto width = static_cast<std::size_t>(scale_.plot.width_px);
        for (std::size_t column = 0; column < width; ++column) {
            const Value value = tick.columns[column * tick.columns.size() / width];
            const bool marked = !store::is_unknown(value) && value != 0;
            marks.columns.push_back(marked ? span : RowSpan{});
        }
        list_.emplace_back(std::move(marks));
    }

    void operator()(const EvaluatedHorizontalRule&) const {}
    void operator()(const EvaluatedVerticalRule&) const {}

  private:
    [[nodiscard]] bool on_pixels() const { return !options_.slope_mode && !options_.no_gridfit; }

    void step_area(const EvaluatedArea& area) const {
        ColumnArea shape{.left = scale_.plot.left_px, .columns = {}, .color = *area.color};
        const auto unit = static_cast<std::size_t>(unit_);
        const std::size_t width = std::max(area.columns.size(), unit) - unit;
        shape.columns.resize(width);
        if (area.gradient) {
            shape.gradient = gradient_of(area, scale_.plot.left_px, gradient_colors_);
            shape.gradient.columns.resize(width);
        }
        const AreaHeights heights(area, scale_);
        const bool lies_on_layer = !area.base.empty() && area.color->alpha < 255;
        const auto values = heights.values().last(width);
        const auto bases = heights.bases().last(width);
        fit_rows(values, bases, lies_on_layer, shape.columns);
        const Value* const shown = area.columns.data() + area.columns.size() - width;
        RowSpan* const rows = shape.columns.data();
        for (std::size_t i = 0; i < width; ++i) {
            if (store::is_unknown(shown[i])) rows[i] = {};
        }
        for (std::size_t i = 0; area.gradient && i < width; ++i) {
            if (store::is_unknown(shown[i])) continue;
            shape.gradient.columns[i] = heights.course_of(values[i], bases[i]);
        }
        list_.emplace_back(std::move(shape));
    }

    const PlotScale& scale_;
    int unit_;
    const GraphOptions& options_;
    int gradient_colors_;
    DisplayList& list_;
};

void append_rule(const GridLine& line, const Dashes& dashes, DisplayList& list) {
    if (dashes.on_off_px.empty() || !has_few_dashes(dashes, line.to - line.from, 0)) {
        list.emplace_back(line);
        return;
    }
    FilledBoxes shape{.boxes = {}, .color = line.color};
    DashWalk walk(dashes);
    walk.parts(line.to - line.from, [&](int begin, int end) {
        // Upright ones run upwards.
        const int from = line.upright ? line.to - end : line.from + begin;
        const int to = line.upright ? line.to - begin : line.from + end;
        const int side = static_cast<int>(line.position);
        const int other_side = side + static_cast<int>(line.width_px);
        shape.boxes.push_back(line.upright ? PixelBox{side, from, other_side, to}
                                           : PixelBox{from, side, to, other_side});
    });
    list.emplace_back(std::move(shape));
}

}  // namespace

PlotScale::PlotScale(const PlotRectangle& of_plot, const ValueRange& of_range, Scaling of_values,
                     double of_unit) noexcept
    : plot(of_plot),
      range(of_range),
      scaling(of_values),
      pixels_per_unit(of_unit),
      zero_(of_range.min) {
    double end = range.max;
    if (scaling == Scaling::kLogarithmic) {
        zero_ = std::log(range.min);
        end = std::log(range.max);
    }
    // Of the smallest ranges it is finite, too, so that the height of their ends is a number.
    pixels_per_value_ =
        std::min(plot.height_px / (end - zero_), std::numeric_limits<double>::max());
}

double PlotScale::logarithm_in_range(Value value) const noexcept {
    return value > range.min ? std::log(value) : zero_;
}

// On a linear scale several at a time, hence without y_of() and its branches.
void PlotScale::heights_of(std::span<const Value> values,
                           std::span<double> heights) const noexcept {
    if (scaling == Scaling::kLogarithmic) {
        std::ranges::transform(values, heights.begin(),
                               [this](Value value) { return y_of(value); });
        return;
    }
    const double zero = zero_;
    const double factor = pixels_per_value_;
    const double base = bottom();
    const double outside = kOutside_px * pixels_per_unit;
    const double highest = plot.top_px - outside;
    const double lowest = base + outside;
    const Value* const value = values.data();
    double* const height = heights.data();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double y = base - (value[i] - zero) * factor;
        const double not_above = highest < y ? y : highest;  // also of an unknown one
        height[i] = lowest < not_above ? lowest : not_above;
    }
}

int PlotScale::unit_px() const noexcept {
    return line_px(pixels_per_unit);
}

void append_data(std::span<const Drawn> drawn, const PlotScale& scale, const GraphOptions& options,
                 DisplayList& list) {
    const Shapes shapes(scale, options, colors_of_gradients(drawn), list);
    for (const Drawn& one : drawn) std::visit(shapes, one);
}

void append_line(const EvaluatedLine& line, const PlotScale& scale, const GraphOptions& options,
                 DisplayList& list) {
    Shapes(scale, options, 0, list)(line);
}

void append_rules(std::span<const Drawn> graph, const PlotScale& scale, const GraphOptions& options,
                  DisplayList& list) {
    const int thickness = scale.unit_px();
    const auto drawn_as = [&](GridLine line, Color color, const Dashes& dashes) {
        line.color = faded(color, scale.pixels_per_unit / thickness);
        line.width_px = thickness;
        append_rule(line, scaled(dashes, scale.pixels_per_unit), list);
    };
    const auto start = static_cast<double>(options.start.time_since_epoch().count());
    const auto end = static_cast<double>(options.end.time_since_epoch().count());
    for (const Drawn& drawn : graph) {
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
