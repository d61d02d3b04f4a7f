// Texts part by part between their tabs; boxes as rrdtool draws them.
#include "render/legend_shapes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "render/comparison_shapes.hpp"
#include "render/legend.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kBoxWidth = 1.2;  // of a colour box, in letters "o"
inline constexpr double kBoxSink = 0.4;   // of its height: how far it ends above the text's box
inline constexpr double kComparedTextShare = 0.75;

PixelBox swatch_box(const Surroundings& around, const PlacedText& text) {
    const Font& font = around.font(FontTag::kLegend);
    // At most as wide as the blanks for it, which are narrow in proportional fonts.
    const int room = around.measurer.measure("  ", font).width_px - 1;
    const double side = kBoxWidth * around.measurer.measure("o", font).width_px;
    const int size = std::max(std::min(static_cast<int>(side) + 1, room), 1);
    const int bottom = text.bottom_px - static_cast<int>(kBoxSink * side);
    return {
        .left = text.left_px, .top = bottom - size, .right = text.left_px + size, .bottom = bottom};
}

void append_box(const Surroundings& around, const LegendEntry& entry, const PixelBox& box,
                DisplayList& list) {
    list.emplace_back(FilledBox{box, around.color(ColorTag::kBack)});
    list.emplace_back(FilledBox{box, *entry.swatch});
    const bool dotted = !entry.swatch_dashes.on_off_px.empty();
    const Color frame = around.color(ColorTag::kFrame);
    const auto side_of_frame = [&](bool upright, double position) {
        list.emplace_back(GridLine{.upright = upright,
                                   .position = position,
                                   .from = (upright ? box.top + 1 : box.left),
                                   .to = (upright ? box.bottom - 1 : box.right),
                                   .dotted = dotted,
                                   .color = frame});
    };
    side_of_frame(false, box.top);
    side_of_frame(false, box.bottom - 1);
    side_of_frame(true, box.left);
    side_of_frame(true, box.right - 1);
}

// From corner to corner, or through the middle of the box; wide lines end at its sides.
void append_stroke(const LegendEntry& entry, const PixelBox& box, DisplayList& list) {
    if (entry.swatch_shape == SwatchShape::kLine) {
        const double left = box.left;
        const double right = box.right;
        list.emplace_back(Clip{box});
        list.emplace_back(Polyline{.points = {{left, double(box.bottom)}, {right, double(box.top)}},
                                   .width_px = entry.swatch_width_px,
                                   .dashes = {},
                                   .color = *entry.swatch});
        list.emplace_back(Clip{});
        return;
    }
    const bool upright = entry.swatch_shape == SwatchShape::kUpright;
    list.emplace_back(GridLine{
        .upright = upright,
        .position = double(upright ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2),
        .from = upright ? box.top : box.left,
        .to = upright ? box.bottom : box.right,
        .color = *entry.swatch});
}

void append_swatch(const Surroundings& around, const LegendEntry& entry, const PlacedText& text,
                   DisplayList& list) {
    const PixelBox box = swatch_box(around, text);
    const bool as_stroke = around.options.dynamic_labels && entry.swatch_shape != SwatchShape::kBox;
    if (as_stroke) return append_stroke(entry, box, list);
    append_box(around, entry, box, list);
}

// Cuts the blanks off the front of a text of that width and gives theirs: of a text that runs to
// the left, Pango would put them, and so the room of a colour box, at its right.
int take_indent(std::string& text, int width_px, const Font& font, TextMeasurer& measurer) {
    const bool may_run_left = std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
    const std::size_t blanks = may_run_left ? text.find_first_not_of(' ') : 0;
    if (blanks == 0) return 0;
    text.erase(0, blanks);
    return width_px - measurer.measure(text, font).width_px;
}

// Each part between tabs at its own place; the first with the shapes before it.
void append_tabbed(const Surroundings& around, const PlacedText& text, int baseline,
                   std::size_t own_shapes, DisplayList& list) {
    const Font& font = around.font(FontTag::kLegend);
    const Color color =
        faded(around.color(ColorTag::kFont), text.is_compared ? kComparedTextShare : 1);
    int x = 0;
    for (std::string& part : tabbed_parts(text.text, font)) {
        const int width = around.measurer.measure(part, font).width_px;
        const int indent = take_indent(part, width, font, around.measurer);
        list.emplace_back(TextRun{.text = std::move(part),
                                  .font = font,
                                  .x = text.left_px + x + indent,
                                  .baseline = baseline,
                                  .color = color,
                                  .own_shapes = std::exchange(own_shapes, 0)});
        x = next_tab_stop_px(x + width, tab_distance_px(around.options));
    }
}

// The colour box, or a sample of the line of the second range.
void append_sample_of(const Surroundings& around, const EvaluatedGraph& graph,
                      const PlacedText& text, DisplayList& list) {
    if (text.is_compared) {
        if (!text.sample) return;
        append_sample(graph.comparison->lines[*text.sample], swatch_box(around, text),
                      around.options, list);
        return;
    }
    const LegendEntry& entry = graph.legend[text.entry];
    if (entry.swatch) append_swatch(around, entry, text, list);
}

}  // namespace

void append_legend(const Surroundings& around, const EvaluatedGraph& graph, DisplayList& list) {
    const Font& font = around.font(FontTag::kLegend);
    for (const PlacedText& text : around.frame.legend.texts) {
        const std::size_t before = list.size();
        append_sample_of(around, graph, text, list);
        const int descent = around.measurer.measure(text.text, font).descent_px;
        append_tabbed(around, text, text.bottom_px - descent, list.size() - before, list);
    }
}

}  // namespace kurabe::render
