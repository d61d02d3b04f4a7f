// Breaks legends into lines and spreads each over its width.
#include "render/legend.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "render/markup.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kLineHeight = 1.8;  // in sizes of the font
inline constexpr std::string_view kBoxRoom = "  ";

// Text set with tab stops: each part between tabs begins at a stop.
int tabbed_width(std::string_view text, const LegendRoom& room, TextMeasurer& measurer) {
    const auto parts = tabbed_parts(text, room.font);
    int width = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) width = next_tab_stop_px(width, room.font, room.tab_width_px);
        width += measurer.measure(parts[i], room.font).width_px;
    }
    return width;
}

// One entry with its width and the gap to the next.
struct Piece {
    PlacedText placed;
    int gap_px = 0;
};

class LegendPlacer {
  public:
    LegendPlacer(const LegendRoom& room, TextMeasurer& measurer)
        : room_(room), measurer_(measurer), gap_px_(legend_gap_px(room.font)) {
        legend_.end_px = room.first_bottom_px;
    }

    void add(std::size_t index, const LegendEntry& entry) {
        if (!entry.text.empty() || entry.swatch) {
            Piece piece = measured(index, entry);
            const int filled = line_.empty() ? 0 : width_of_line() + line_.back().gap_px;
            if (!line_.empty() && filled + piece.placed.width_px > usable_px()) {
                end_line(default_);
                next_line();
            }
            if (entry.control == LegendControl::kGlue) piece.gap_px = 0;
            line_.push_back(std::move(piece));
        }
        obey(entry.control);
    }

    void align(Alignment alignment) { default_ = alignment; }

    [[nodiscard]] Legend finish() && {
        if (!line_.empty()) {
            end_line(default_);
            next_line();
        }
        return std::move(legend_);
    }

  private:
    [[nodiscard]] int usable_px() const { return room_.image_width_px - 2 * gap_px_; }

    [[nodiscard]] Piece measured(std::size_t index, const LegendEntry& entry) {
        const std::string text = legend_text(entry);
        const bool tabbed = text.find('\t') != std::string::npos;
        Piece piece{.placed = {.entry = index, .text = text}, .gap_px = gap_px_};
        if (!tabbed) {
            const int widest = room_.image_width_px - gap_px_ - 2;
            piece.placed.text = shorten_to_fit(text, room_.font, widest, measurer_);
        }
        piece.placed.width_px = tabbed_width(piece.placed.text, room_, measurer_);
        return piece;
    }

    [[nodiscard]] int width_of_line() const {
        int width = 0;
        for (std::size_t i = 0; i < line_.size(); ++i) {
            width += line_[i].placed.width_px + (i + 1 < line_.size() ? line_[i].gap_px : 0);
        }
        return width;
    }

    void obey(LegendControl control) {
        const bool had_text = !line_.empty();
        switch (control) {
            case LegendControl::kNone:
            case LegendControl::kGlue:
            case LegendControl::kNothing:
                return;
            case LegendControl::kLeft:
                end_line(Alignment::kLeft);
                break;
            case LegendControl::kRight:
                end_line(Alignment::kRight);
                break;
            case LegendControl::kCenter:
                end_line(Alignment::kCenter);
                break;
            case LegendControl::kJustify:
                end_line(Alignment::kJustified);
                break;
            case LegendControl::kSpace:
                end_line(Alignment::kLeft);
                next_line();
                legend_.end_px = static_cast<int>(legend_.end_px - room_.font.size_pt);
                return;
            case LegendControl::kUp:
                end_line(Alignment::kLeft);
                if (had_text) next_line();
                legend_.end_px =
                    static_cast<int>(legend_.end_px - kLineHeight * room_.font.size_pt);
                return;
        }
        if (had_text) next_line();
    }

    void end_line(Alignment alignment) {
        const int free = usable_px() - width_of_line();
        double x = gap_px_;
        double spread = 0;
        if (free > 0) {
            if (alignment == Alignment::kRight) x += free;
            if (alignment == Alignment::kCenter) x += free / 2.0;
            const auto gaps =
                std::ranges::count_if(line_, [](const Piece& piece) { return piece.gap_px > 0; });
            const auto inner = gaps - (!line_.empty() && line_.back().gap_px > 0 ? 1 : 0);
            if (alignment == Alignment::kJustified && inner > 0) {
                spread = free / static_cast<double>(inner);
            }
        }
        for (Piece& piece : line_) {
            piece.placed.left_px = static_cast<int>(x);
            piece.placed.bottom_px = legend_.end_px;
            x += piece.placed.width_px + piece.gap_px + (piece.gap_px > 0 ? spread : 0);
            legend_.texts.push_back(std::move(piece.placed));
        }
        line_.clear();
    }

    void next_line() {
        legend_.end_px = static_cast<int>(legend_.end_px + kLineHeight * room_.font.size_pt);
    }

    const LegendRoom& room_;
    TextMeasurer& measurer_;
    int gap_px_;
    Alignment default_ = Alignment::kJustified;
    std::vector<Piece> line_;
    Legend legend_;
};

}  // namespace

int legend_gap_px(const Font& font) {
    return static_cast<int>(2 * font.size_pt);
}

int legend_line_px(const Font& font) {
    return static_cast<int>(kLineHeight * font.size_pt);
}

int next_tab_stop_px(int x_px, const Font& font, int tab_width_px) {
    const int distance = std::max(legend_gap_px(font) + tab_width_px, 1);
    return (x_px / distance + 1) * distance;
}

std::vector<std::string> tabbed_parts(std::string_view text, const Font& font) {
    return parts_of_text(text, font.has_markup ? TextKind::kMarkup : TextKind::kPlain, '\t');
}

std::string legend_text(const LegendEntry& entry) {
    return entry.swatch ? std::string(kBoxRoom) + entry.text : entry.text;
}

Legend place_legend(const EvaluatedGraph& graph, const LegendRoom& room, TextMeasurer& measurer) {
    LegendPlacer placer(room, measurer);
    auto alignment = graph.alignments.begin();
    const auto align_before = [&](std::size_t entry) {
        for (; alignment != graph.alignments.end() && alignment->first_entry <= entry;
             ++alignment) {
            placer.align(alignment->alignment);
        }
    };
    for (std::size_t i = 0; i < graph.legend.size(); ++i) {
        align_before(i);
        placer.add(i, graph.legend[i]);
    }
    align_before(graph.legend.size());
    return std::move(placer).finish();
}

}  // namespace kurabe::render
