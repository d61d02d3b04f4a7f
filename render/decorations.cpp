// Shapes and texts of everything but the data.
#include "render/decorations.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "render/markup.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

// The widths of rrdtool's thin lines.
inline constexpr double kMinorWidth_px = 0.4;
inline constexpr double kMajorWidth_px = 0.6;
inline constexpr double kAxisWidth_px = 0.6;
inline constexpr double kWatermarkShare = 0.3;
inline constexpr double kNoDataShare = 0.55;

inline constexpr int kTick_px = 2;
inline constexpr int kMajorTick_px = 3;
inline constexpr int kAxisOverhang_px = 4;
inline constexpr int kXLabelGap_px = 3;
inline constexpr int kVerticalLabelCentre_px = 10;
inline constexpr int kWatermarkBottom_px = 6;
inline constexpr int kEdge_px = 3;        // text keeps away from the picture's edge
inline constexpr double kBoxWidth = 1.2;  // of a colour box, in letters "o"
inline constexpr double kBoxSink = 0.4;   // of its height: how far it ends above the text's box

// Pixels taken by one label along its axis.
struct Extent {
    int begin;
    int end;
};

// The smallest n for which every n-th extent, from the first on, stands free of the next.
std::size_t every_nth_free(const std::vector<Extent>& extents, int gap_px) {
    for (std::size_t n = 1; n < extents.size(); ++n) {
        bool free = true;
        for (std::size_t i = n; i < extents.size() && free; i += n) {
            free = extents[i].begin >= extents[i - n].end + gap_px;
        }
        if (free) return n;
    }
    return std::max<std::size_t>(extents.size(), 1);
}

struct GridStyle {
    Color color;
    double width_px;
    int tick_px;      // length of the solid tick outside the plot
    int overhang_px;  // how far the dotted line reaches
};

GridStyle grid_style(const Surroundings& around, bool major) {
    const Color color = around.color(major ? ColorTag::kMajorGrid : ColorTag::kGrid);
    return major ? GridStyle{color, kMajorWidth_px, kMajorTick_px, kTick_px}
                 : GridStyle{color, kMinorWidth_px, kTick_px, 1};
}

void append_upright(const Surroundings& around, double x, bool major, DisplayList& list) {
    const GridStyle style = grid_style(around, major);
    const int top = around.scale.plot.top_px;
    const int bottom = around.scale.bottom();
    const auto part = [&](int from, int to, bool dotted) {
        list.push_back(GridLine{.upright = true,
                                .position = x,
                                .from = from,
                                .to = to,
                                .dotted = dotted,
                                .color = style.color,
                                .width_px = style.width_px});
    };
    part(top - kTick_px, top, false);
    part(top, bottom, true);
    part(bottom, bottom + style.tick_px, false);
}

void append_level(const Surroundings& around, double row, bool major, DisplayList& list) {
    const GridStyle style = grid_style(around, major);
    const int left = around.scale.plot.left_px;
    const int right = around.scale.right();
    const auto part = [&](int from, int to, bool dotted) {
        list.push_back(GridLine{.position = row,
                                .from = from,
                                .to = to,
                                .dotted = dotted,
                                .color = style.color,
                                .width_px = style.width_px});
    };
    part(left - kTick_px, left, false);
    part(left, right, true);
    part(right, right + kTick_px, false);
}

struct PlacedLabel {
    int centre_px;
    int width_px;
    const std::string* text;
};

// A label moved inside the picture if it would not stand wholly there.
PlacedLabel moved_inside(PlacedLabel label, int picture_px) {
    const int half = label.width_px / 2 + 1;
    label.centre_px = std::max(std::min(label.centre_px, picture_px - half - 1), half);
    return label;
}

// Labels wholly inside the picture, every n-th so that none touch. At least one, if there is any.
std::vector<PlacedLabel> free_labels(const Surroundings& around, const XAxis& axis) {
    const Font& font = around.font(FontTag::kAxis);
    const GraphOptions& options = around.options;
    const int picture_px = around.frame.size.width_px;
    std::vector<PlacedLabel> placed;
    std::vector<Extent> extents;
    for (const XLabel& label : axis.labels) {
        const int centre = around.scale.plot.left_px +
                           column_of(label.centre, {options.start, options.end}, options.width_px);
        const PlacedLabel own = {centre, around.measurer.measure(label.text, font).width_px,
                                 &label.text};
        const PlacedLabel inside = moved_inside(own, picture_px);
        const bool alone = axis.labels.size() == 1 && own.width_px <= picture_px;
        if (inside.centre_px != centre && !alone) continue;
        placed.push_back(inside);
        const int left = inside.centre_px - inside.width_px / 2;
        extents.push_back({left, left + inside.width_px});
    }
    const int gap = around.measurer.measure("0", font).width_px;
    const std::size_t n = every_nth_free(extents, gap);
    std::vector<PlacedLabel> free;
    for (std::size_t i = 0; i < placed.size(); i += n) free.push_back(placed[i]);
    return free;
}

void append_swatch(const Surroundings& around, const LegendEntry& entry, const PlacedText& text,
                   DisplayList& list) {
    const Font& font = around.font(FontTag::kLegend);
    const double side = kBoxWidth * around.measurer.measure("o", font).width_px;
    const int size = static_cast<int>(side) + 1;
    const int bottom = text.bottom_px - static_cast<int>(kBoxSink * side);
    const PixelBox box = {
        .left = text.left_px, .top = bottom - size, .right = text.left_px + size, .bottom = bottom};
    list.push_back(FilledBox{box, around.color(ColorTag::kBack)});
    list.push_back(FilledBox{box, *entry.swatch});
    const bool dotted = !entry.swatch_dashes.on_off_px.empty();
    const Color frame = around.color(ColorTag::kFrame);
    const auto side_of_frame = [&](bool upright, double position) {
        list.push_back(GridLine{.upright = upright,
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

// Cuts the blanks off the front of a text of that width and gives theirs: of a text that runs to
// the left, Pango would put them, and so the room of a colour box, at its right.
int take_indent(std::string& text, int width_px, const Font& font, TextMeasurer& measurer) {
    const bool may_run_left = std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
    const std::size_t blanks = may_run_left ? text.find_first_not_of(' ') : 0;
    if (blanks == 0) return 0;
    text.erase(0, blanks);
    return width_px - measurer.measure(text, font).width_px;
}

// Each part between tabs at its own place.
void append_tabbed(const Surroundings& around, const PlacedText& text, int baseline,
                   DisplayList& list) {
    const Font& font = around.font(FontTag::kLegend);
    int x = 0;
    for (std::string& part : tabbed_parts(text.text, font)) {
        const int width = around.measurer.measure(part, font).width_px;
        const int indent = take_indent(part, width, font, around.measurer);
        list.push_back(TextRun{.text = std::move(part),
                               .font = font,
                               .x = text.left_px + x + indent,
                               .baseline = baseline,
                               .color = around.color(ColorTag::kFont)});
        x = next_tab_stop_px(x + width, font, around.options.tab_width_px);
    }
}

void append_title(const Surroundings& around, DisplayList& list) {
    if (around.options.title.empty()) return;
    const Font& font = around.font(FontTag::kTitle);
    double top = 1.3 * font.size_pt;
    const TextKind kind = font.has_markup ? TextKind::kMarkup : TextKind::kPlain;
    for (const std::string& line : parts_of_text(around.options.title, kind, '\n')) {
        const int room = around.frame.size.width_px - 2 * kEdge_px;
        list.push_back(TextRun{
            .text = shorten_to_fit(line, font, room, around.measurer),
            .font = font,
            .x = around.frame.size.width_px / 2,
            .baseline = static_cast<int>(top + around.measurer.measure(line, font).ascent_px),
            .anchor = TextAnchor::kCenter,
            .color = around.color(ColorTag::kFont)});
        top += 1.6 * font.size_pt;
    }
}

void append_vertical_label(const Surroundings& around, DisplayList& list) {
    if (around.options.vertical_label.empty()) return;
    const Font& font = around.font(FontTag::kUnit);
    // A wide title may reach the label's column.
    const int highest = around.options.title.empty() ? kEdge_px : around.scale.plot.top_px;
    const int room = around.frame.size.height_px - kEdge_px - highest;
    const std::string text =
        shorten_to_fit(around.options.vertical_label, font, room, around.measurer);
    const TextSize size = around.measurer.measure(text, font);
    const int column = kVerticalLabelCentre_px - size.height_px() / 2 + size.ascent_px;
    const int middle = around.scale.plot.top_px + around.scale.plot.height_px / 2;
    const int half = (size.width_px + 1) / 2;
    const int lowest = around.frame.size.height_px - kEdge_px - half;
    list.push_back(TextRun{.text = text,
                           .font = font,
                           .x = std::max(column, size.ascent_px),
                           .baseline = std::max(std::min(middle, lowest), highest + half),
                           .anchor = TextAnchor::kCenter,
                           .turned = true,
                           .color = around.color(ColorTag::kFont)});
}

void append_watermark(const Surroundings& around, DisplayList& list) {
    if (around.options.watermark.empty()) return;
    const Font& font = around.font(FontTag::kWatermark);
    const int room = around.frame.size.width_px - 2 * kEdge_px;
    const std::string text = shorten_to_fit(around.options.watermark, font, room, around.measurer);
    const int descent = around.measurer.measure(text, font).descent_px;
    list.push_back(TextRun{.text = text,
                           .font = font,
                           .x = around.frame.size.width_px / 2,
                           .baseline = around.frame.size.height_px - kWatermarkBottom_px - descent,
                           .anchor = TextAnchor::kCenter,
                           .color = faded(around.color(ColorTag::kFont), kWatermarkShare)});
}

}  // namespace

double row_of(const Surroundings& around, Value value) {
    const double resolution = around.sharp.pixels_per_unit;
    return around.sharp.row_of(value, line_px(resolution)) / resolution;
}

double column_of(const Surroundings& around, Time time) {
    const PlotRectangle& plot = around.sharp.plot;
    const double resolution = around.sharp.pixels_per_unit;
    const int column = column_of(time, {around.options.start, around.options.end}, plot.width_px);
    return (plot.left_px + column - line_px(resolution)) / resolution;
}

// A bevel: light above and to the left, dark below and to the right, meeting in diagonals.
void append_border(const Surroundings& around, DisplayList& list) {
    const auto [width, height] = around.frame.size;
    for (int i = 0; i < around.options.border_px; ++i) {
        const Color light = around.color(ColorTag::kShadeA);
        const Color dark = around.color(ColorTag::kShadeB);
        list.push_back(FilledBox{{i, i, width - i, i + 1}, light});
        list.push_back(FilledBox{{i, i + 1, i + 1, height - i}, light});
        list.push_back(FilledBox{{width - i - 1, i + 1, width - i, height - i}, dark});
        list.push_back(FilledBox{{i + 1, height - i - 1, width - i - 1, height - i}, dark});
    }
}

void append_x_axis(const Surroundings& around, const XAxis& axis, DisplayList& list) {
    for (const Time time : axis.minor) append_upright(around, column_of(around, time), false, list);
    for (const Time time : axis.major) append_upright(around, column_of(around, time), true, list);
    const Font& font = around.font(FontTag::kAxis);
    for (const PlacedLabel& label : free_labels(around, axis)) {
        list.push_back(TextRun{.text = *label.text,
                               .font = font,
                               .x = label.centre_px,
                               .baseline = around.scale.bottom() + kXLabelGap_px +
                                           around.measurer.measure("0", font).ascent_px,
                               .anchor = TextAnchor::kCenter,
                               .color = around.color(ColorTag::kFont)});
    }
}

void append_y_axis(const Surroundings& around, const std::vector<YLine>& lines, DisplayList& list) {
    const Font& font = around.font(FontTag::kAxis);
    const TextSize letter = around.measurer.measure("0", font);
    const int right = around.scale.plot.left_px - static_cast<int>(font.size_pt);
    std::vector<TextRun> labels;
    std::vector<Extent> extents;
    for (const YLine& line : lines) {
        append_level(around, row_of(around, line.value), line.major, list);
        if (line.label.empty()) continue;
        const double centre = around.scale.y_of(line.value);
        const int baseline =
            static_cast<int>(std::lround(centre - letter.height_px() / 2.0)) + letter.ascent_px;
        labels.push_back({.text = shorten_to_fit(line.label, font, right - 1, around.measurer),
                          .font = font,
                          .x = right,
                          .baseline = baseline,
                          .anchor = TextAnchor::kRight,
                          .color = around.color(ColorTag::kFont)});
        // Lines go upwards, rows downwards; only digits stand on a label's row.
        extents.push_back({-baseline, letter.ascent_px - baseline});
    }
    const std::size_t n = every_nth_free(extents, 0);
    for (std::size_t i = 0; i < labels.size(); i += n) list.push_back(std::move(labels[i]));
}

void append_titles(const Surroundings& around, DisplayList& list) {
    append_title(around, list);
    append_vertical_label(around, list);
    append_watermark(around, list);
}

void append_legend(const Surroundings& around, const EvaluatedGraph& graph, DisplayList& list) {
    const Font& font = around.font(FontTag::kLegend);
    for (const PlacedText& text : around.frame.legend.texts) {
        const LegendEntry& entry = graph.legend[text.entry];
        const int descent = around.measurer.measure(text.text, font).descent_px;
        append_tabbed(around, text, text.bottom_px - descent, list);
        if (entry.swatch) append_swatch(around, entry, text, list);
    }
}

void append_axis_arrows(const Surroundings& around, DisplayList& list) {
    const PlotScale& scale = around.scale;
    const Color axis = around.color(ColorTag::kAxis);
    const Color arrow = around.color(ColorTag::kArrow);
    const int bottom = scale.bottom();
    const int left = scale.plot.left_px - 1;
    list.push_back(GridLine{.position = double(bottom),
                            .from = left + 1 - kAxisOverhang_px,
                            .to = scale.right() + kAxisOverhang_px,
                            .color = axis,
                            .width_px = kAxisWidth_px});
    list.push_back(GridLine{.upright = true,
                            .position = double(left),
                            .from = scale.plot.top_px - kAxisOverhang_px,
                            .to = bottom + kAxisOverhang_px,
                            .color = axis,
                            .width_px = kAxisWidth_px});
    const double y = bottom + 0.5;
    const double right = scale.right() + 2;
    list.push_back(FilledPolygon{{{right, y - 3}, {right + 5, y}, {right, y + 3}}, arrow});
    const double x = left + 0.5;
    const double top = scale.plot.top_px - 2;
    list.push_back(FilledPolygon{{{x - 3, top}, {x, top - 5}, {x + 3, top}}, arrow});
}

void append_no_data(const Surroundings& around, DisplayList& list) {
    constexpr std::string_view kText = "no data";
    const Font& font = around.font(FontTag::kTitle);
    const TextSize size = around.measurer.measure(kText, font);
    const PlotRectangle& plot = around.scale.plot;
    if (size.width_px > plot.width_px || size.height_px() > plot.height_px) return;
    const int middle = plot.top_px + plot.height_px / 2;
    const PixelBox ground = {.left = plot.left_px + (plot.width_px - size.width_px) / 2 - 4,
                             .top = middle - size.height_px() / 2 - 1,
                             .right = plot.left_px + (plot.width_px + size.width_px) / 2 + 4,
                             .bottom = middle + size.height_px() / 2 + 1};
    list.push_back(FilledBox{ground, around.color(ColorTag::kCanvas)});
    list.push_back(TextRun{.text = std::string(kText),
                           .font = font,
                           .x = plot.left_px + plot.width_px / 2,
                           .baseline = middle - size.height_px() / 2 + size.ascent_px,
                           .anchor = TextAnchor::kCenter,
                           .color = faded(around.color(ColorTag::kFont), kNoDataShare)});
}

}  // namespace kurabe::render
