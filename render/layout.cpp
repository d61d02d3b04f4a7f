// Measures margins, asks each axis and the legend, and collects their shapes.
#include "render/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "render/decorations.hpp"
#include "render/plot_shapes.hpp"
#include "render/scaling.hpp"

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

void append(DisplayList more, DisplayList& list) {
    list.insert(list.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

// The grounds and the data.
void append_plot(const Surroundings& around, const EvaluatedGraph& graph, ImageSize picture,
                 DisplayList& list) {
    const PlotScale& sharp = around.sharp;
    const PixelBox canvas = {sharp.plot.left_px, sharp.plot.top_px, sharp.right(), sharp.bottom()};
    list.push_back(
        FilledBox{{0, 0, picture.width_px, picture.height_px}, around.color(ColorTag::kBack)});
    list.push_back(FilledBox{canvas, around.color(ColorTag::kCanvas)});
    // A line at the range's very end is half outside the canvas.
    const int outside = line_px(sharp.pixels_per_unit);
    list.push_back(
        Clip{PixelBox{canvas.left, canvas.top - outside, canvas.right, canvas.bottom + outside}});
    append_data(graph.sharp.empty() ? graph.drawn : graph.sharp, sharp, around.options.slope_mode,
                list);
    list.push_back(Clip{});
}

// Everything around the plot and over it, in the layout's pixels.
Result<DisplayList> surroundings_of(const Surroundings& around, const EvaluatedGraph& graph,
                                    const ValueAxis& value_axis, const store::TimeZone& zone) {
    const GraphOptions& options = around.options;
    DisplayList list;
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
    return list;
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
    const double resolution = resolution_of(options);
    const PlotScale scale = {frame.plot, value_axis.range};
    const PlotScale sharp = {scaled(frame.plot, resolution), value_axis.range, resolution};
    const Surroundings around = {options, frame, scale, sharp, measurer};
    Layout layout{.size = frame.size,
                  .picture_size = scaled(frame.size, resolution),
                  .plot = frame.plot,
                  .range = value_axis.range,
                  .legend = frame.legend,
                  .list = {}};
    append_plot(around, graph, layout.picture_size, layout.list);
    auto surroundings = surroundings_of(around, graph, value_axis, zone);
    if (!surroundings) return std::unexpected(surroundings.error());
    append(scaled(*std::move(surroundings), resolution), layout.list);
    append_rules(graph, sharp, options, layout.list);
    return layout;
}

}  // namespace kurabe::render
