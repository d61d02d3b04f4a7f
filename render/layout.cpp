// Places the frame, asks each axis and the legend, and collects their shapes.
#include "render/layout.hpp"

#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "render/annotation_shapes.hpp"
#include "render/clip_marks.hpp"
#include "render/comparison_shapes.hpp"
#include "render/decorations.hpp"
#include "render/free_texts.hpp"
#include "render/legend_shapes.hpp"
#include "render/plot_shapes.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

void append_grounds(const Surroundings& around, ImageSize picture, DisplayList& list) {
    const PlotScale& sharp = around.sharp;
    list.emplace_back(
        FilledBox{{0, 0, picture.width_px, picture.height_px}, around.color(ColorTag::kBack)});
    list.emplace_back(
        FilledBox{{sharp.plot.left_px, sharp.plot.top_px, sharp.right(), sharp.bottom()},
                  around.color(ColorTag::kCanvas)});
}

void append_all_data(const EvaluatedGraph& graph, const PlotScale& scale,
                     const GraphOptions& options, DisplayList& list) {
    const bool has_sharp = !graph.sharp.empty();
    const std::span<const Drawn> drawn = has_sharp ? graph.sharp : graph.drawn;
    const auto& comparison = has_sharp ? graph.sharp_comparison : graph.comparison;
    const std::size_t below = comparison ? first_above_areas(graph) : 0;
    append_data(drawn.first(below), scale, options, list);
    if (comparison) append_comparison(*comparison, scale, options, list);
    append_data(drawn.subspan(below), scale, options, list);
}

void append_all_rules(const EvaluatedGraph& graph, const PlotScale& scale,
                      const GraphOptions& options, DisplayList& list) {
    append_rules(graph.drawn, scale, options, list);
    if (!graph.comparison) return;
    append_rules(compared_rules(*graph.comparison, options), scale, options, list);
}

void append_clipped_data(const Surroundings& around, const EvaluatedGraph& graph,
                         DisplayList& list) {
    const PlotScale& sharp = around.sharp;
    // A line at the range's very end is half outside the canvas.
    const int outside = line_px(sharp.pixels_per_unit);
    list.emplace_back(Clip{PixelBox{sharp.plot.left_px, sharp.plot.top_px - outside, sharp.right(),
                                    sharp.bottom() + outside}});
    append_all_data(graph, sharp, around.options, list);
    list.emplace_back(Clip{});
}

// That of the range of --scale-with, which another picture shows.
Result<std::optional<XAxis>> x_axis_beside(GraphOptions options, const store::TimeZone& zone) {
    if (!options.comparison || options.comparison->is_drawn) return std::nullopt;
    options.end = options.comparison->start + (options.end - options.start);
    options.start = options.comparison->start;
    return x_axis(options, zone);
}

// Everything around the plot and over it, in the layout's pixels.
DisplayList surroundings_of(const Surroundings& around, const EvaluatedGraph& graph,
                            const Layout& layout, const std::optional<XAxis>& beside) {
    const GraphOptions& options = around.options;
    DisplayList list;
    if (!options.only_graph) {
        append_border(around, list);
        append_x_axis(around, {layout.x_axis, beside}, list);
        append_y_axis(around, layout.y_lines, list);
        append_titles(around, list);
        append_legend(around, graph, list);
        append_axis_arrows(around, list);
        append_clip_marks(graph, around.scale, options, list);
    }
    if (!graph.any_known) append_no_data(around, list);
    return list;
}

void append(DisplayList more, DisplayList& list) {
    list.insert(list.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

}  // namespace

Result<Layout> lay_out(const GraphOptions& picture_options, const EvaluatedGraph& graph,
                       const store::TimeZone& zone, TextMeasurer& measurer) {
    const Frame frame = place_frame(picture_options, graph, measurer);
    // From here on, width and height are those of the plot, in full-size mode too.
    GraphOptions options = picture_options;
    options.width_px = frame.plot.width_px;
    options.height_px = frame.plot.height_px;
    options.no_gridfit |= is_vector(options.format);
    const ValueAxis value_axis = fit_value_axis(options, drawn_range(graph, scaling_of(options)));
    const double resolution = resolution_of(options);
    const PlotScale scale = {frame.plot, value_axis.range, value_axis.scaling};
    const PlotScale sharp = {scaled(frame.plot, resolution), value_axis.range, value_axis.scaling,
                             resolution};
    const Surroundings around = {options, frame, scale, sharp, measurer};
    Layout layout{.size = frame.size,
                  .picture_size = scaled(frame.size, resolution),
                  .plot = frame.plot,
                  .range = value_axis.range,
                  .scaling = value_axis.scaling,
                  .legend = frame.legend,
                  .x_axis = {},
                  .y_lines = {},
                  .list = {}};
    std::optional<XAxis> beside;
    if (!options.only_graph) {
        auto time_axis_beside = x_axis_beside(options, zone);
        if (!time_axis_beside) return std::unexpected(time_axis_beside.error());
        beside = *std::move(time_axis_beside);
        auto time_axis = x_axis(options, zone);
        if (!time_axis) return std::unexpected(time_axis.error());
        layout.x_axis = *std::move(time_axis);
        layout.y_lines = y_grid(options, value_axis);
    }
    std::array over = {surroundings_of(around, graph, layout, beside), DisplayList{}};
    append_marks(around, over[1]);
    // Only there can the picture be too small for what is around the plot.
    if (options.full_size_mode) keep_free_texts(over, frame.size, measurer);
    append_grounds(around, layout.picture_size, layout.list);
    DisplayList bands;
    append_bands(around, bands);
    append(scaled(std::move(bands), resolution), layout.list);
    append_clipped_data(around, graph, layout.list);
    append(scaled(std::move(over[0]), resolution), layout.list);
    append_all_rules(graph, sharp, options, layout.list);
    append(scaled(std::move(over[1]), resolution), layout.list);
    return layout;
}

}  // namespace kurabe::render
