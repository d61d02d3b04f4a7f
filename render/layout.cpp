// Measures margins, asks each axis and the legend, and collects their shapes.
#include "render/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "render/annotation_shapes.hpp"
#include "render/comparison_shapes.hpp"
#include "render/decorations.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {

namespace {

inline constexpr int kMargin_px = 15;      // at every side without text
inline constexpr double kTitleLine = 1.6;  // heights and widths in sizes of their font
inline constexpr double kXLabelRoom = 2.5;
inline constexpr double kVerticalLabelRoom = 2;
inline constexpr double kWatermarkRoom = 2;
inline constexpr double kLegendTop = 2;
inline constexpr double kLegendTail = 0.8;
inline constexpr double kNoLegendRoom_px = 7.5;

double size_of(const GraphOptions& options, FontTag tag) {
    return options.fonts[static_cast<std::size_t>(tag)].size_pt;
}

int left_margin(const GraphOptions& options, TextMeasurer& measurer) {
    int margin = kMargin_px;
    if (!options.no_y_grid) {
        const Font& font = options.fonts[static_cast<std::size_t>(FontTag::kAxis)];
        margin += options.units_length * measurer.measure("0", font).width_px;
    }
    if (!options.vertical_label.empty()) {
        margin += static_cast<int>(kVerticalLabelRoom * size_of(options, FontTag::kUnit));
    }
    return margin;
}

int top_margin(const GraphOptions& options) {
    if (options.title.empty()) return kMargin_px;
    const auto lines = 1 + std::ranges::count(options.title, '\n');
    return static_cast<int>(size_of(options, FontTag::kTitle) * kTitleLine *
                            static_cast<double>(lines + 1));
}

Frame plain_frame(const GraphOptions& options) {
    return {.size = {options.width_px, options.height_px},
            .plot = {0, 0, options.width_px, options.height_px},
            .legend = {}};
}

void append_all_data(const EvaluatedGraph& graph, const PlotScale& scale,
                     const GraphOptions& options, DisplayList& list) {
    const std::span<const Drawn> drawn = graph.drawn;
    const std::size_t below = graph.comparison ? first_above_areas(graph) : 0;
    append_data(drawn.first(below), scale, options.slope_mode, list);
    if (graph.comparison) append_comparison(*graph.comparison, scale, options, list);
    append_data(drawn.subspan(below), scale, options.slope_mode, list);
}

}  // namespace

Frame place_frame(const GraphOptions& options, const EvaluatedGraph& graph,
                  TextMeasurer& measurer) {
    if (options.only_graph) return plain_frame(options);
    Frame frame;
    frame.plot = {.left_px = left_margin(options, measurer),
                  .top_px = top_margin(options),
                  .width_px = options.width_px,
                  .height_px = options.height_px};
    frame.size.width_px =
        frame.plot.left_px + options.width_px + kMargin_px + (options.tag_margin ? kMargin_px : 0);
    double bottom = frame.plot.top_px + options.height_px;
    if (!options.no_x_grid) bottom += kXLabelRoom * size_of(options, FontTag::kAxis);
    if (options.no_legend) {
        frame.size.height_px = static_cast<int>(static_cast<int>(bottom) + kNoLegendRoom_px);
    } else {
        const double font = size_of(options, FontTag::kLegend);
        const LegendRoom room = {.image_width_px = frame.size.width_px,
                                 .first_bottom_px = static_cast<int>(bottom + kLegendTop * font),
                                 .font = options.fonts[static_cast<std::size_t>(FontTag::kLegend)],
                                 .tab_width_px = options.tab_width_px};
        frame.legend = place_legend(graph, room, measurer);
        frame.size.height_px = static_cast<int>(frame.legend.end_px - kLegendTail * font);
    }
    if (!options.watermark.empty()) {
        frame.size.height_px +=
            static_cast<int>(kWatermarkRoom * size_of(options, FontTag::kWatermark));
    }
    return frame;
}

Result<Layout> lay_out(const GraphOptions& options, const EvaluatedGraph& graph,
                       const store::TimeZone& zone, TextMeasurer& measurer) {
    const Frame frame = place_frame(options, graph, measurer);
    const ValueAxis value_axis = fit_value_axis(options, drawn_range(graph));
    const PlotScale scale = {frame.plot, value_axis.range};
    const Surroundings around = {options, frame, scale, measurer};
    Layout layout{.size = frame.size,
                  .plot = frame.plot,
                  .range = value_axis.range,
                  .legend = frame.legend,
                  .list = {}};
    DisplayList& list = layout.list;

    const PixelBox canvas = {frame.plot.left_px, frame.plot.top_px, scale.right(), scale.bottom()};
    list.push_back(FilledBox{{0, 0, frame.size.width_px, frame.size.height_px},
                             around.color(ColorTag::kBack)});
    list.push_back(FilledBox{canvas, around.color(ColorTag::kCanvas)});
    append_bands(around, list);
    // A line at the range's very end is half outside the canvas.
    list.push_back(Clip{PixelBox{canvas.left, canvas.top - 1, canvas.right, canvas.bottom + 1}});
    append_all_data(graph, scale, options, list);
    list.push_back(Clip{});
    if (!options.only_graph) {
        auto time_axis = x_axis(options, zone);
        if (!time_axis) return std::unexpected(time_axis.error());
        append_border(around, list);
        append_x_axis(around, *time_axis, list);
        append_y_axis(around, y_grid(options, value_axis), list);
        append_titles(around, list);
        if (!options.no_legend) append_legend(around, graph, list);
        append_axis_arrows(around, list);
    }
    if (!graph.any_known) append_no_data(around, list);
    append_rules(graph.drawn, scale, options, list);
    if (graph.comparison) {
        append_rules(compared_rules(*graph.comparison, options), scale, options, list);
    }
    append_marks(around, list);
    return layout;
}

}  // namespace kurabe::render
