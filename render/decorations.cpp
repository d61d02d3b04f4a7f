// Shapes and texts of everything but the data.
#include "render/decorations.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "render/scaling.hpp"
#include "render/title.hpp"

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
inline constexpr int kRightLabelGap_px = 9;  // past the arrow head of the time axis
inline constexpr int kWatermarkBottom_px = 6;
inline constexpr int kTextEdge_px = 3;  // text keeps away from the picture's edge

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
    int tick_px;  // length of the solid tick outside the plot
};

GridStyle grid_style(const Surroundings& around, bool major) {
    const Color color = around.color(major ? ColorTag::kMajorGrid : ColorTag::kGrid);
    return major ? GridStyle{color, kMajorWidth_px, kMajorTick_px}
                 : GridStyle{color, kMinorWidth_px, kTick_px};
}

// A grid line: dotted in the plot, with solid ticks at both of its ends.
void append_parts(GridLine line, int from, int plot_from, int plot_to, int to, DisplayList& list) {
    const auto part = [&](int part_from, int part_to, bool dotted) {
        line.from = part_from;
        line.to = part_to;
        line.dotted = dotted;
        list.emplace_back(line);
    };
    part(from, plot_from, false);
    part(plot_from, plot_to, true);
    part(plot_to, to, false);
}

void append_upright(const Surroundings& around, double x, bool major, DisplayList& list) {
    const GridStyle style = grid_style(around, major);
    const int top = around.scale.plot.top_px;
    const int bottom = around.scale.bottom();
    const GridLine line = {.upright = true,
                           .position = x,
                           .color = style.color,
                           .on_px = around.options.grid_dash_on_px,
                           .off_px = around.options.grid_dash_off_px,
                           .width_px = style.width_px};
    append_parts(line, top - kTick_px, top, bottom, bottom + style.tick_px, list);
}

void append_level(const Surroundings& around, double row, bool major, DisplayList& list) {
    const GridStyle style = grid_style(around, major);
    const int left = around.scale.plot.left_px;
    const int right = around.scale.right();
    const GridLine line = {.position = row,
                           .color = style.color,
                           .on_px = around.options.grid_dash_on_px,
                           .off_px = around.options.grid_dash_off_px,
                           .width_px = style.width_px};
    append_parts(line, left - kTick_px, left, right, right + kTick_px, list);
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

struct LabelRow {
    std::vector<PlacedLabel> labels;
    std::vector<Extent> extents;
};

// Labels wholly inside the picture. At least one, if there is any.
LabelRow labels_inside(const Surroundings& around, const XAxis& axis) {
    const Font& font = around.font(FontTag::kAxis);
    const int picture_px = around.frame.size.width_px;
    LabelRow row;
    for (const XLabel& label : axis.labels) {
        const int centre =
            around.scale.plot.left_px + column_of(label.centre, axis.span, around.options.width_px);
        const PlacedLabel own = {centre, around.measurer.measure(label.text, font).width_px,
                                 &label.text};
        const PlacedLabel inside = moved_inside(own, picture_px);
        const bool alone = axis.labels.size() == 1 && own.width_px <= picture_px;
        if (inside.centre_px != centre && !alone) continue;
        row.labels.push_back(inside);
        const int left = inside.centre_px - inside.width_px / 2;
        row.extents.push_back({left, left + inside.width_px});
    }
    return row;
}

// Every n-th of them, so that none touch; nor would those of the picture beside it.
std::vector<PlacedLabel> free_labels(const Surroundings& around, const TimeAxes& axes) {
    const int gap = around.measurer.measure("0", around.font(FontTag::kAxis)).width_px;
    const LabelRow row = labels_inside(around, axes.own);
    std::size_t n = every_nth_free(row.extents, gap);
    if (axes.beside) {
        n = std::max(n, every_nth_free(labels_inside(around, *axes.beside).extents, gap));
    }
    std::vector<PlacedLabel> free;
    for (std::size_t i = 0; i < row.labels.size(); i += n) free.push_back(row.labels[i]);
    return free;
}

void append_title(const Surroundings& around, DisplayList& list) {
    if (around.options.title.empty()) return;
    const Font& font = around.font(FontTag::kTitle);
    double top = 1.3 * font.size_pt;
    for (const std::string& line : title_lines(around.options)) {
        const int room = around.frame.size.width_px - 2 * kTextEdge_px;
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

// The rows beside the plot, above and below it that a text in these columns may take.
RowSpan free_rows(const Surroundings& around, int left_px, int right_px) {
    const Font& font = around.font(FontTag::kTitle);
    int title_px = 0;
    for (const std::string& line : title_lines(around.options)) {
        title_px = std::max(title_px, around.measurer.measure(line, font).width_px);
    }
    const PlotRectangle& plot = around.scale.plot;
    const int picture_px = around.frame.size.width_px;
    const bool below_title =
        (picture_px - title_px) / 2 <= right_px && (picture_px + title_px) / 2 >= left_px;
    RowSpan rows = {.top = below_title ? plot.top_px : kTextEdge_px,
                    .bottom = around.frame.size.height_px - kTextEdge_px};
    for (const PlacedText& text : around.frame.legend.texts) {
        const PixelBox box = text.box();
        if (box.left > right_px || box.right < left_px) continue;
        if (box.top >= around.scale.bottom()) rows.bottom = std::min(rows.bottom, box.top);
        if (box.bottom <= plot.top_px) rows.top = std::max(rows.top, box.bottom);
    }
    return rows;
}

// Reads upwards in a column of pixels with this middle, beside the middle of the plot; moved where
// it would get into the way of other texts, and ends above `lowest_px`.
void append_vertical_label(const Surroundings& around, const std::string& label, int centre_px,
                           int lowest_px, DisplayList& list) {
    if (label.empty()) return;
    const Font& font = around.font(FontTag::kUnit);
    const TextSize letters = around.measurer.measure("0", font);
    const int column =
        std::max(centre_px - letters.height_px() / 2 + letters.ascent_px, letters.ascent_px);
    RowSpan rows = free_rows(around, column - letters.ascent_px, column + letters.descent_px);
    rows.bottom = std::min(rows.bottom, lowest_px);
    const std::string text = shorten_to_fit(label, font, rows.bottom - rows.top, around.measurer);
    const int half = (around.measurer.measure(text, font).width_px + 1) / 2;
    const int middle = around.scale.plot.top_px + around.scale.plot.height_px / 2;
    list.push_back(
        TextRun{.text = text,
                .font = font,
                .x = column,
                .baseline = std::max(std::min(middle, rows.bottom - half), rows.top + half),
                .anchor = TextAnchor::kCenter,
                .turned = true,
                .color = around.color(ColorTag::kFont)});
}

// Labels of lines, ending at the same column; those that would touch one another are left out.
void append_value_labels(const Surroundings& around, const std::vector<YLine>& lines,
                         std::string YLine::* label, int room_px, int right_px, DisplayList& list) {
    const Font& font = around.font(FontTag::kAxis);
    const TextSize letter = around.measurer.measure("0", font);
    std::vector<TextRun> labels;
    std::vector<Extent> extents;
    for (const YLine& line : lines) {
        if ((line.*label).empty()) continue;
        const double centre = around.scale.y_of(line.value);
        const int baseline =
            static_cast<int>(std::lround(centre - letter.height_px() / 2.0)) + letter.ascent_px;
        labels.push_back({.text = shorten_to_fit(line.*label, font, room_px, around.measurer),
                          .font = font,
                          .x = right_px,
                          .baseline = baseline,
                          .anchor = TextAnchor::kRight,
                          .color = around.color(ColorTag::kFont)});
        // Lines go upwards, rows downwards; only digits stand on a label's row.
        extents.push_back({-baseline, letter.ascent_px - baseline});
    }
    const std::size_t n = every_nth_free(extents, 0);
    for (std::size_t i = 0; i < labels.size(); i += n) list.push_back(std::move(labels[i]));
}

int widest(const Surroundings& around, const std::vector<YLine>& lines,
           std::string YLine::* label) {
    int width_px = 0;
    for (const YLine& line : lines) {
        const TextSize size = around.measurer.measure(line.*label, around.font(FontTag::kAxis));
        width_px = std::max(width_px, size.width_px);
    }
    return width_px;
}

// Up to the axis' own label, or as far as there is nothing.
int right_label_room(const Surroundings& around, int begin) {
    if (around.options.right_axis_label.empty())
        return around.frame.right_px - kTextEdge_px - begin;
    return around.scale.right() + right_axis_room_px(around.options, around.measurer) - begin;
}

void append_arrow_up(int column, int top_px, Color color, DisplayList& list) {
    const double x = column + 0.5;
    const double top = top_px - 2;
    list.push_back(FilledPolygon{{{x - 3, top}, {x, top - 5}, {x + 3, top}}, color});
}

void append_watermark(const Surroundings& around, DisplayList& list) {
    if (around.options.watermark.empty()) return;
    const Font& font = around.font(FontTag::kWatermark);
    const int room = around.frame.size.width_px - 2 * kTextEdge_px;
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

void append_x_axis(const Surroundings& around, const TimeAxes& axes, DisplayList& list) {
    const auto append_line = [&](Time time, bool major) {
        append_upright(around, column_of(around, time), major, list);
    };
    for (const Time time : axes.own.minor) append_line(time, false);
    for (const Time time : axes.own.major) append_line(time, true);
    const Font& font = around.font(FontTag::kAxis);
    for (const PlacedLabel& label : free_labels(around, axes)) {
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
    for (const YLine& line : lines) {
        append_level(around, row_of(around, line.value), line.major, list);
    }
    const int font_size_px = static_cast<int>(around.font(FontTag::kAxis).size_pt);
    const int left_end = around.scale.plot.left_px - font_size_px;
    const int left_room = left_end - 1 - around.frame.left_px;
    append_value_labels(around, lines, &YLine::label, left_room, left_end, list);
    if (!around.options.right_axis) return;
    const int right_begin = around.scale.right() + kRightLabelGap_px;
    const int room = right_label_room(around, right_begin);
    const int width = std::min(widest(around, lines, &YLine::right_label), room);
    append_value_labels(around, lines, &YLine::right_label, room, right_begin + width, list);
}

void append_titles(const Surroundings& around, DisplayList& list) {
    append_title(around, list);
    append_vertical_label(around, around.options.vertical_label,
                          around.frame.left_px + kVerticalLabelCentre_px,
                          around.frame.size.height_px - kTextEdge_px, list);
    const int right_axis_px =
        around.options.right_axis ? right_axis_room_px(around.options, around.measurer) : 0;
    // Times and legends may reach its column.
    append_vertical_label(around, around.options.right_axis_label,
                          around.scale.right() + right_axis_px + kVerticalLabelCentre_px,
                          around.scale.bottom() + kXLabelGap_px, list);
    append_watermark(around, list);
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
    append_arrow_up(left, scale.plot.top_px, arrow, list);
    if (!around.options.right_axis) return;
    list.push_back(GridLine{.upright = true,
                            .position = double(scale.right()),
                            .from = scale.plot.top_px - kAxisOverhang_px,
                            .to = bottom + kAxisOverhang_px,
                            .color = axis,
                            .width_px = kAxisWidth_px});
    append_arrow_up(scale.right(), scale.plot.top_px, arrow, list);
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
