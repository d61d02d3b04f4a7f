// Breaks legends into lines, spreads each over its width, and gives the texts their places.
#include "render/legend.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "render/legend_line.hpp"
#include "render/markup.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kLineHeight = 1.8;  // in sizes of the font
inline constexpr double kBottom = 0.6;      // below the last line, in gaps
inline constexpr std::string_view kBoxRoom = "  ";

// A line that is ended; its widths are known, its spread only when the block's width is.
struct EndedLine {
    LegendLine line;
    Alignment alignment;
    LegendRows rows;
};

bool is_name_of_total(const LegendEntry& entry) {
    return entry.total && entry.total->name_of;
}

// A total has no box, and stands below texts that do.
bool has_room_of_box(const LegendEntry& entry) {
    return entry.swatch || is_name_of_total(entry);
}

class LegendSetter {
  public:
    LegendSetter(const LegendStyle& style, TextMeasurer& measurer)
        : style_(style), measurer_(measurer), gap_px_(legend_gap_px(style.font)) {}

    // `as_wide_as`: whose room the entry has at least.
    void add(std::size_t index, const LegendEntry& entry, const LegendEntry* as_wide_as = nullptr) {
        std::string text = legend_text(entry);
        line_is_open_ = true;
        if (!text.empty()) {
            LegendLine::Text own = measured({.entry = index, .text = std::move(text)});
            own.indent_px = measurer_.measure(std::string(entry.indent, ' '), style_.font).width_px;
            if (as_wide_as != nullptr) {
                const int width_px = tabbed_width(legend_text(*as_wide_as), style_, measurer_);
                own.width_px = std::max(own.width_px, width_px);
            }
            append(std::move(own), text_below(index, entry), entry.control);
        }
        obey(entry.control);
    }

    void align(Alignment alignment) {
        default_ = alignment;
        line_is_open_ = true;
    }

    // A line below all others, wherever "\u" and "\s" went.
    void begin_lowest_line() {
        if (line_is_open_) end_line(default_);
        for (const EndedLine& ended : lines_) {
            bottom_px_ = std::max(bottom_px_, below(ended.rows.last_px, line_height_px()));
        }
    }

    // In a line of its own behind all `entries`.
    void add_title(const ComparedTitle& title, std::size_t entries) {
        begin_lowest_line();
        LegendLine::Text shown;
        for (const std::string& text : title.texts) {
            shown = measured({.entry = entries,
                              .text = std::string(kBoxRoom) + text,
                              .is_compared = true,
                              .sample = title.line});
            if (!style_.width_px || shown.width_px <= *style_.width_px - 2 * gap_px_) break;
        }
        append(std::move(shown), {}, LegendControl::kLeft);
        obey(LegendControl::kLeft);
    }

    [[nodiscard]] LegendBlock finish() && {
        if (line_is_open_) end_line(default_);
        LegendBlock block;
        block.width_px = style_.width_px.value_or(2 * gap_px_ + widest_line_px());
        block.height_px = static_cast<int>(bottom_px_ + kBottom * gap_px_);
        for (EndedLine& ended : lines_) {
            const LineRoom room = {block.width_px, gap_px_};
            ended.line.spread(room, ended.alignment);
            if (style_.width_px) ended.line.press_inside(room, style_, measurer_);
            std::move(ended.line).take(ended.rows, block.texts);
        }
        return block;
    }

  private:
    static bool keeps_line_open(LegendControl control) {
        return control == LegendControl::kNone || control == LegendControl::kGlue ||
               control == LegendControl::kNothing;
    }

    [[nodiscard]] LegendLine::Text measured(LegendLine::Text text) const {
        text.width_px = tabbed_width(text.text, style_, measurer_);
        return text;
    }

    [[nodiscard]] std::optional<LegendLine::Text> text_below(std::size_t index,
                                                             const LegendEntry& entry) const {
        if (!entry.compared) return std::nullopt;
        const std::string_view room_of_box = has_room_of_box(entry) ? kBoxRoom : "";
        return measured({.entry = index,
                         .text = std::string(room_of_box) + entry.compared->text,
                         .is_compared = true,
                         .sample = entry.compared->line});
    }

    // A text whose marker ends the line stays on it; another one begins a new line when it does not
    // fit, and then keeps its distance from the next, glued or not. One that does not fit alone has
    // its line for itself.
    void append(LegendLine::Text text, std::optional<LegendLine::Text> below,
                LegendControl control) {
        const int width = std::max(text.width_px, below ? below->width_px : 0);
        int gap = control == LegendControl::kGlue ? 0 : gap_px_;
        if (style_.width_px && keeps_line_open(control) && !line_.empty() &&
            line_.width_with_px(width, gap) > *style_.width_px - 2 * gap_px_) {
            end_line(default_);
            line_is_open_ = true;
            gap = gap_px_;
        }
        line_.append(std::move(text), std::move(below), gap);
        const bool is_full = style_.width_px && line_.width_px() > *style_.width_px - 2 * gap_px_;
        if (is_full && keeps_line_open(control)) end_line(default_);
    }

    void obey(LegendControl control) {
        switch (control) {
            case LegendControl::kNone:
            case LegendControl::kGlue:
            case LegendControl::kNothing:
                return;
            case LegendControl::kLeft:
                return end_line(Alignment::kLeft);
            case LegendControl::kRight:
                return end_line(Alignment::kRight);
            case LegendControl::kCenter:
                return end_line(Alignment::kCenter);
            case LegendControl::kJustify:
                return end_line(Alignment::kJustified);
            case LegendControl::kSpace:
                if (line_.empty()) next_line();
                end_line(Alignment::kLeft);
                return move_down(-style_.font.size_pt);
            case LegendControl::kUp:
                end_line(Alignment::kLeft);
                return move_down(-rows_of_last_ * kLineHeight * style_.font.size_pt);
        }
    }

    // An empty line takes room only when it is one of the right or the centre.
    void end_line(Alignment alignment) {
        const bool counts =
            !line_.empty() || alignment == Alignment::kRight || alignment == Alignment::kCenter;
        if (!line_.empty()) {
            const LegendRows rows = rows_of_line();
            rows_of_last_ = rows.last_px > rows.first_px ? 2 : 1;
            lines_.push_back({std::exchange(line_, {}), alignment, rows});
            bottom_px_ = rows.last_px;
        }
        if (counts) next_line();
        line_is_open_ = false;
    }

    // A line that "\u" put beside another, up to a pixel as in rrdtool, has as many rows.
    [[nodiscard]] LegendRows rows_of_line() {
        const int row_px = legend_line_px(style_.font);
        bool has_two = line_.has_two_rows();
        if (!lines_.empty()) {
            LegendRows& before = lines_.back().rows;
            const bool is_beside = std::abs(before.first_px - bottom_px_) <= 1;
            has_two = has_two || (is_beside && before.last_px > before.first_px);
            if (is_beside && has_two) before.last_px = before.first_px + row_px;
        }
        return {bottom_px_, bottom_px_ + (has_two ? row_px : 0)};
    }

    void next_line() { move_down(line_height_px()); }

    void move_down(double distance_px) { bottom_px_ = below(bottom_px_, distance_px); }

    // Whole pixels, towards the first line.
    static int below(int bottom_px, double distance_px) {
        return static_cast<int>(bottom_px + distance_px);
    }

    [[nodiscard]] double line_height_px() const { return kLineHeight * style_.font.size_pt; }

    [[nodiscard]] int widest_line_px() const {
        int widest = 0;
        for (const EndedLine& ended : lines_) widest = std::max(widest, ended.line.width_px());
        return widest;
    }

    const LegendStyle& style_;
    TextMeasurer& measurer_;
    int gap_px_;
    Alignment default_ = Alignment::kJustified;
    LegendLine line_;
    bool line_is_open_ = false;  // whether anything stands in it, be it empty
    int bottom_px_ = 0;          // of the line that is filled now
    int rows_of_last_ = 1;       // of the line that was ended last
    std::vector<EndedLine> lines_;
};

// From the bottom to the top: all texts, or those from the first to the last that have a box or a
// value of the graph; the others say something before or behind them.
void turn_over(std::vector<LegendBlockText>& texts, LegendDirection direction,
               const EvaluatedGraph& graph) {
    if (direction == LegendDirection::kTopDown) return;
    const auto is_turned = [&](const LegendBlockText& text) {
        // Totals, and the second range's title.
        if (text.entry == graph.legend.size()) return false;
        if (graph.legend[text.entry].total) return false;
        return direction == LegendDirection::kBottomUp || !graph.legend[text.entry].is_comment;
    };
    const auto first = std::ranges::find_if(texts, is_turned);
    const auto end = std::find_if(texts.rbegin(), texts.rend(), is_turned).base();
    if (first >= end) return;
    const int both = first->line.first_px + std::prev(end)->line.last_px;
    // Lines change their places; the rows of each stay in order.
    std::for_each(first, end, [both](LegendBlockText& text) {
        text.bottom_px += both - text.line.first_px - text.line.last_px;
    });
}

// An ellipsis behind the text that ends last of those in the lowest row.
void say_that_more_was_left_out(std::vector<PlacedText>& texts, int right_px,
                                const LegendStyle& style, TextMeasurer& measurer) {
    const auto last = std::ranges::max_element(
        texts, {}, [](const PlacedText& text) { return std::pair(text.bottom_px, text.left_px); });
    if (last == texts.end()) return;
    std::ranges::replace(last->text, '\t', ' ');
    last->text =
        shorten_to_fit(last->text + "\u2026", style.font, right_px - last->left_px, measurer);
    last->width_px = measurer.measure(last->text, style.font).width_px;
}

}  // namespace

int legend_gap_px(const Font& font) {
    return static_cast<int>(2 * font.size_pt);
}

int legend_line_px(const Font& font) {
    return static_cast<int>(kLineHeight * font.size_pt);
}

int tab_distance_px(const GraphOptions& options) {
    const Font& font = options.fonts[static_cast<std::size_t>(FontTag::kLegend)];
    return std::max(options.tab_width_px + (options.no_y_grid ? 0 : legend_gap_px(font)), 1);
}

int next_tab_stop_px(int x_px, int tab_distance_px) {
    return (x_px / tab_distance_px + 1) * tab_distance_px;
}

std::vector<std::string> tabbed_parts(std::string_view text, const Font& font) {
    return parts_of_text(text, font.has_markup ? TextKind::kMarkup : TextKind::kPlain, '\t');
}

std::string legend_text(const LegendEntry& entry) {
    std::string text = has_room_of_box(entry) ? std::string(kBoxRoom) + entry.text : entry.text;
    if (entry.control == LegendControl::kGlue) text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string reported_legend_text(const LegendEntry& entry) {
    std::string text = legend_text(entry);
    if (entry.is_of_tick && text.starts_with(kBoxRoom)) text.erase(0, kBoxRoom.size());
    return text;
}

LegendBlock set_legend(const EvaluatedGraph& graph, const LegendStyle& style,
                       TextMeasurer& measurer) {
    LegendSetter setter(style, measurer);
    auto alignment = graph.alignments.begin();
    const auto align_before = [&](std::size_t entry) {
        for (; alignment != graph.alignments.end() && alignment->first_entry <= entry;
             ++alignment) {
            setter.align(alignment->alignment);
        }
    };
    for (std::size_t i = 0; i < graph.legend.size(); ++i) {
        align_before(i);
        const LegendEntry& entry = graph.legend[i];
        if (is_name_of_total(entry)) {
            setter.begin_lowest_line();
            setter.add(i, entry, &graph.legend[entry.total->as_wide_as]);
        } else {
            setter.add(i, entry);
        }
    }
    align_before(graph.legend.size());
    if (graph.comparison) setter.add_title(graph.comparison->title, graph.legend.size());
    LegendBlock block = std::move(setter).finish();
    turn_over(block.texts, style.direction, graph);
    return block;
}

Legend place_legend(const LegendBlock& block, const LegendPlace& place, const LegendStyle& style,
                    TextMeasurer& measurer) {
    Legend legend;
    for (const LegendBlockText& text : block.texts) {
        const int bottom = place.first_bottom_px + text.bottom_px;
        const int height = measurer.measure(text.text, style.font).height_px();
        if (bottom - height < place.room.top || bottom > place.room.bottom) continue;
        // Both ends are rounded alone: halves to even numbers, as rrdtool prints them.
        const int left = static_cast<int>(std::nearbyint(place.left_px + text.left_px));
        const int right =
            static_cast<int>(std::nearbyint(place.left_px + text.left_px + text.width_px));
        legend.texts.push_back({.entry = text.entry,
                                .text = text.text,
                                .left_px = left,
                                .width_px = right - left,
                                .height_px = height,
                                .bottom_px = bottom,
                                .is_compared = text.is_compared,
                                .sample = text.sample});
    }
    if (legend.texts.size() < block.texts.size()) {
        say_that_more_was_left_out(legend.texts, place.room.right, style, measurer);
    }
    return legend;
}

}  // namespace kurabe::render
