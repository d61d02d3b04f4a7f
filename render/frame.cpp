// Measures what is around the plot. rrdtool cuts lengths to whole pixels here and there; the casts
// are where it does.
#include "render/frame.hpp"

#include <algorithm>
#include <cstddef>

#include "render/title.hpp"

namespace kurabe::render {

namespace {

inline constexpr int kMargin_px = 15;  // at every side without text
inline constexpr int kRightAxisMargin_px = 15;
inline constexpr double kTitleLine = 1.6;  // heights and widths in sizes of their font
inline constexpr double kXLabelRoom = 2.5;
inline constexpr double kVerticalLabelRoom = 2;
inline constexpr double kWatermarkRoom = 2;
inline constexpr double kLegendTop = 2;
inline constexpr double kNoLegendRoom_px = 7.5;
inline constexpr int kPlotLeast_px = 10;  // what a legend leaves to the plot
inline constexpr int kEdge_px = 3;        // texts keep away from the picture's edge

double size_of(const GraphOptions& options, FontTag tag) {
    return options.fonts[static_cast<std::size_t>(tag)].size_pt;
}

bool is_beside(LegendPosition position) {
    return position == LegendPosition::kWest || position == LegendPosition::kEast;
}

int left_margin(const GraphOptions& options, TextMeasurer& measurer) {
    int margin = kMargin_px + value_label_room_px(options, measurer);
    if (!options.vertical_label.empty()) {
        margin += static_cast<int>(kVerticalLabelRoom * size_of(options, FontTag::kUnit));
    }
    return margin;
}

int right_margin(const GraphOptions& options, TextMeasurer& measurer) {
    const int margin =
        options.right_axis_label.empty()
            ? kMargin_px
            : static_cast<int>(kVerticalLabelRoom * size_of(options, FontTag::kUnit));
    return margin + (options.right_axis ? right_axis_room_px(options, measurer) : 0);
}

int top_margin(const GraphOptions& options) {
    if (options.title.empty()) return kMargin_px;
    const std::size_t lines = title_lines(options).size();
    return static_cast<int>(size_of(options, FontTag::kTitle) * kTitleLine *
                            static_cast<double>(lines + 1));
}

// What is around the plot but for the legend.
struct Margins {
    int before_labels = 0;  // part of the left one
    int left = 0;
    int right = 0;
    int top = 0;
    double x_labels = 0;
    int watermark = 0;
};

Margins margins_of(const GraphOptions& options, TextMeasurer& measurer) {
    Margins margins;
    margins.left = left_margin(options, measurer);
    margins.right = right_margin(options, measurer);
    // rrdtool's tag stands at the side that has no legend.
    if (options.tag_margin) {
        const bool at_left = options.legend_position == LegendPosition::kEast;
        (at_left ? margins.before_labels : margins.right) += kMargin_px;
        margins.left += margins.before_labels;
    }
    margins.top = top_margin(options);
    if (!options.no_x_grid) margins.x_labels = kXLabelRoom * size_of(options, FontTag::kAxis);
    if (!options.watermark.empty()) {
        margins.watermark =
            static_cast<int>(kWatermarkRoom * size_of(options, FontTag::kWatermark));
    }
    return margins;
}

class FramePlacer {
  public:
    FramePlacer(const GraphOptions& options, TextMeasurer& measurer)
        : options_(options),
          measurer_(measurer),
          margins_(margins_of(options, measurer)),
          style_{.font = options.fonts[static_cast<std::size_t>(FontTag::kLegend)],
                 .tab_distance_px = tab_distance_px(options),
                 .direction = options.legend_direction,
                 .width_px = {}} {}

    Frame place(const EvaluatedGraph& graph) {
        const LegendBlock block = options_.no_legend ? LegendBlock{} : set(graph);
        if (is_beside(options_.legend_position)) {
            legend_width_ = block.width_px;
        } else if (!options_.no_legend) {
            legend_height_ = options_.legend_height_px.value_or(block.height_px);
        }
        place_plot();
        if (!options_.no_legend) {
            frame_.legend = place_legend(block, legend_place(), style_, measurer_);
        }
        return std::move(frame_);
    }

  private:
    // Beside the plot a legend is as wide as it wants, if that leaves room for the plot.
    LegendBlock set(const EvaluatedGraph& graph) {
        if (!is_beside(options_.legend_position)) {
            style_.width_px = options_.full_size_mode
                                  ? options_.width_px
                                  : margins_.left + options_.width_px + margins_.right;
            return set_legend(graph, style_, measurer_);
        }
        style_.width_px = options_.legend_width_px;
        LegendBlock block = set_legend(graph, style_, measurer_);
        if (!options_.full_size_mode || options_.legend_width_px) return block;
        const int most =
            std::max(options_.width_px - margins_.left - margins_.right - kPlotLeast_px, 0);
        if (block.width_px <= most) return block;
        style_.width_px = most;
        return set_legend(graph, style_, measurer_);
    }

    void place_plot() {
        const bool is_west = options_.legend_position == LegendPosition::kWest;
        const bool is_north = options_.legend_position == LegendPosition::kNorth;
        PlotRectangle& plot = frame_.plot;
        plot.left_px = margins_.left + (is_west ? legend_width_ : 0);
        frame_.left_px = margins_.before_labels + (is_west ? legend_width_ : 0);
        plot.top_px = margins_.top + (is_north ? legend_height_ : 0);
        const int beside = margins_.left + margins_.right + legend_width_;
        const double above_and_below = margins_.top + static_cast<int>(margins_.x_labels) +
                                       (options_.no_legend ? kNoLegendRoom_px : 0) +
                                       legend_height_ + margins_.watermark;
        plot.width_px = options_.width_px;
        plot.height_px = options_.height_px;
        if (options_.full_size_mode) {
            frame_.size = {options_.width_px, options_.height_px};
            plot.width_px -= beside;
            plot.height_px = static_cast<int>(plot.height_px - above_and_below);
            plot.width_px = std::max(plot.width_px, 1);
            plot.height_px = std::max(plot.height_px, 1);
        } else {
            frame_.size = {plot.width_px + beside,
                           static_cast<int>(plot.height_px + above_and_below)};
        }
        frame_.right_px = plot.left_px + plot.width_px + margins_.right;
    }

    [[nodiscard]] LegendPlace legend_place() const {
        const PlotRectangle& plot = frame_.plot;
        const bool is_south = options_.legend_position == LegendPosition::kSouth;
        const bool is_east = options_.legend_position == LegendPosition::kEast;
        const double top =
            is_south ? plot.top_px + plot.height_px + margins_.x_labels : margins_.top;
        const int left = is_east ? frame_.right_px : 0;
        const int width =
            is_beside(options_.legend_position) ? legend_width_ : frame_.size.width_px;
        return {.left_px = left,
                .first_bottom_px = static_cast<int>(top + kLegendTop * style_.font.size_pt),
                .room = {0, 0, left + width - kEdge_px, legend_end(static_cast<int>(top))}};
    }

    // The rows of a legend may end behind its block, because "\u" goes back.
    [[nodiscard]] int legend_end(int top) const {
        const int picture = frame_.size.height_px;
        const bool is_cut = options_.legend_height_px.has_value();
        const int above_watermark = picture - margins_.watermark;
        if (is_beside(options_.legend_position)) return above_watermark;
        return is_cut ? std::min(top + legend_height_ - kEdge_px, above_watermark) : picture;
    }

    const GraphOptions& options_;
    TextMeasurer& measurer_;
    Margins margins_;
    LegendStyle style_;
    int legend_width_ = 0;
    int legend_height_ = 0;
    Frame frame_;
};

Frame plain_frame(const GraphOptions& options) {
    return {.size = {options.width_px, options.height_px},
            .plot = {0, 0, options.width_px, options.height_px},
            .legend = {}};
}

}  // namespace

int value_label_room_px(const GraphOptions& options, TextMeasurer& measurer) {
    if (options.no_y_grid && !options.keep_label_room) return 0;
    const Font& font = options.fonts[static_cast<std::size_t>(FontTag::kAxis)];
    return options.units_length * measurer.measure("0", font).width_px;
}

int right_axis_room_px(const GraphOptions& options, TextMeasurer& measurer) {
    return kRightAxisMargin_px + value_label_room_px(options, measurer);
}

Frame place_frame(const GraphOptions& options, const EvaluatedGraph& graph,
                  TextMeasurer& measurer) {
    if (options.only_graph) return plain_frame(options);
    return FramePlacer(options, measurer).place(graph);
}

}  // namespace kurabe::render
