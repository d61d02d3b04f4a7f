// Places the frame, asks each axis and the legend, and collects their shapes.
#include "render/layout.hpp"

#include <cstddef>
#include <span>

#include "render/annotation_shapes.hpp"
#include "render/clip_marks.hpp"
#include "render/comparison_shapes.hpp"
#include "render/decorations.hpp"
#include "render/free_texts.hpp"
#include "render/legend_shapes.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {

namespace {

void append_grounds(const Surroundings& around, DisplayList& list) {
    const auto [width, height] = around.frame.size;
    const PlotScale& scale = around.scale;
    list.emplace_back(FilledBox{{0, 0, width, height}, around.color(ColorTag::kBack)});
    list.emplace_back(
        FilledBox{{scale.plot.left_px, scale.plot.top_px, scale.right(), scale.bottom()},
                  around.color(ColorTag::kCanvas)});
}

void append_all_data(const EvaluatedGraph& graph, const PlotScale& scale,
                     const GraphOptions& options, DisplayList& list) {
    const std::span<const Drawn> drawn = graph.drawn;
    const std::size_t below = graph.comparison ? first_above_areas(graph) : 0;
    append_data(drawn.first(below), scale, options, list);
    if (graph.comparison) append_comparison(*graph.comparison, scale, options, list);
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
    const PlotScale& scale = around.scale;
    // A line at the range's very end is half outside the canvas.
    list.emplace_back(Clip{
        PixelBox{scale.plot.left_px, scale.plot.top_px - 1, scale.right(), scale.bottom() + 1}});
    append_all_data(graph, scale, around.options, list);
    list.emplace_back(Clip{});
}

void append_surroundings(const Surroundings& around, const EvaluatedGraph& graph,
                         const Layout& layout, DisplayList& list) {
    append_border(around, list);
    append_x_axis(around, layout.x_axis, list);
    append_y_axis(around, layout.y_lines, list);
    append_titles(around, list);
    append_legend(around, graph, list);
    append_axis_arrows(around, list);
}

}  // namespace

Result<Layout> lay_out(const GraphOptions& picture_options, const EvaluatedGraph& graph,
                       const store::TimeZone& zone, TextMeasurer& measurer) {
    const Frame frame = place_frame(picture_options, graph, measurer);
    // From here on, width and height are those of the plot, in full-size mode too.
    GraphOptions options = picture_options;
    options.width_px = frame.plot.width_px;
    options.height_px = frame.plot.height_px;
    const ValueAxis value_axis = fit_value_axis(options, drawn_range(graph, scaling_of(options)));
    const PlotScale scale = {frame.plot, value_axis.range, value_axis.scaling};
    const Surroundings around = {options, frame, scale, measurer};
    Layout layout{.size = frame.size,
                  .plot = frame.plot,
                  .range = value_axis.range,
                  .scaling = value_axis.scaling,
                  .legend = frame.legend,
                  .x_axis = {},
                  .y_lines = {},
                  .list = {}};
    append_grounds(around, layout.list);
    append_bands(around, layout.list);
    append_clipped_data(around, graph, layout.list);
    if (!options.only_graph) {
        auto time_axis = x_axis(options, zone);
        if (!time_axis) return std::unexpected(time_axis.error());
        layout.x_axis = *std::move(time_axis);
        layout.y_lines = y_grid(options, value_axis);
        append_surroundings(around, graph, layout, layout.list);
    }
    append_clip_marks(graph, scale, options, layout.list);
    if (!graph.any_known) append_no_data(around, layout.list);
    append_all_rules(graph, scale, options, layout.list);
    append_marks(around, layout.list);
    // Only there can the picture be too small for what is around the plot.
    if (options.full_size_mode) keep_free_texts(layout.list, frame.size, measurer);
    return layout;
}

}  // namespace kurabe::render
