// Spreads a line's texts over its room.
#include "render/legend_line.hpp"

#include <algorithm>
#include <utility>

namespace kurabe::render {

namespace {

inline constexpr int kRoomEdge_px = 3;  // texts keep away from the room's sides
inline constexpr int kTightGap_px = 6;  // between texts that have too little room

}  // namespace

int tabbed_width(std::string_view text, const LegendStyle& style, TextMeasurer& measurer) {
    const auto parts = tabbed_parts(text, style.font);
    int width = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) width = next_tab_stop_px(width, style.tab_distance_px);
        width += measurer.measure(parts[i], style.font).width_px;
    }
    return width;
}

bool LegendLine::has_two_rows() const noexcept {
    return std::ranges::any_of(pieces_, [](const Piece& piece) { return piece.below.has_value(); });
}

void LegendLine::append(Text text, std::optional<Text> below, int gap_px) {
    if (!pieces_.empty() && pieces_.back().below) {
        Piece& last = pieces_.back();
        last.width_px = std::max(last.text.width_px, last.below->width_px - text.indent_px);
    }
    const int width_px = std::max(text.width_px, below ? below->width_px : 0);
    pieces_.push_back({std::move(text), std::move(below), width_px, gap_px, 0});
}

int LegendLine::width_px() const {
    if (pieces_.empty()) return 0;
    int width = -pieces_.front().gap_px;
    for (const Piece& piece : pieces_) width += piece.width_px + piece.gap_px;
    return width;
}

int LegendLine::width_with_px(int width_px_of_text, int gap_px) const {
    return width_px() + width_px_of_text + (pieces_.empty() ? 0 : gap_px);
}

void LegendLine::spread(const LineRoom& room, Alignment alignment) {
    const double free = room.width_px - 2 * room.gap_px - width_px();
    double x = room.gap_px;
    double spread = 0;
    if (alignment == Alignment::kRight) x += free;
    if (alignment == Alignment::kCenter) x += free / 2;
    if (alignment == Alignment::kJustified && pieces_.size() > 1) {
        spread = free / static_cast<double>(pieces_.size() - 1);
    }
    for (Piece& piece : pieces_) {
        piece.left_px = x;
        x += piece.width_px + piece.gap_px + spread;
    }
}

void LegendLine::press_inside(const LineRoom& room, const LegendStyle& style,
                              TextMeasurer& measurer) {
    if (pieces_.empty()) return;
    const double right = room.width_px - kRoomEdge_px;
    double touching = pieces_.front().left_px;  // where texts without gaps would end
    bool overlap = false;
    for (const Piece& piece : pieces_) {
        overlap = overlap || piece.left_px < touching;
        touching = piece.left_px + piece.width_px;
    }
    const double extent = touching - pieces_.front().left_px;
    if (overlap || extent > right - kRoomEdge_px) return press_together(room, style, measurer);
    const double too_far_left = std::max(kRoomEdge_px - pieces_.front().left_px, 0.0);
    const double too_far_right = std::max(touching - right, 0.0);
    for (Piece& piece : pieces_) piece.left_px += too_far_left - too_far_right;
}

void LegendLine::press_together(const LineRoom& room, const LegendStyle& style,
                                TextMeasurer& measurer) {
    const double left = std::min(room.gap_px, room.width_px / 4);
    const double right = room.width_px - kRoomEdge_px;
    double texts = 0;
    int gaps = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        texts += pieces_[i].width_px;
        if (i + 1 < pieces_.size() && pieces_[i].gap_px > 0) ++gaps;
    }
    const double gap = std::max((right - left - texts) / std::max(gaps, 1), double{kTightGap_px});
    double x = left;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        Piece& piece = pieces_[i];
        piece.left_px = x;
        x += piece.width_px;
        const double behind = piece.gap_px > 0 ? gap : 0;
        const double next =
            i + 1 < pieces_.size() ? behind + std::min(pieces_[i + 1].width_px, room.gap_px) : 0;
        if (x + next > right) return cut_behind(i, static_cast<int>(right), style, measurer);
        x += behind;
    }
}

void LegendLine::cut_behind(std::size_t last, int right_px, const LegendStyle& style,
                            TextMeasurer& measurer) {
    Piece& piece = pieces_[last];
    const int room = right_px - static_cast<int>(piece.left_px);
    const auto shorten = [&](Text& text, std::string_view behind) {
        std::ranges::replace(text.text, '\t', ' ');
        text.text += behind;
        text.text = shorten_to_fit(text.text, style.font, room, measurer);
        text.width_px = measurer.measure(text.text, style.font).width_px;
        return text.width_px;
    };
    piece.width_px = shorten(piece.text, last + 1 < pieces_.size() ? "\u2026" : "");
    if (piece.below) piece.width_px = std::max(piece.width_px, shorten(*piece.below, ""));
    pieces_.resize(piece.width_px > room ? last : last + 1);
}

void LegendLine::take(const LegendRows& rows, std::vector<LegendBlockText>& texts) && {
    const auto place = [&](Text& text, double left_px, int bottom_px) {
        texts.push_back({.entry = text.entry,
                         .text = std::move(text.text),
                         .left_px = left_px,
                         .width_px = text.width_px,
                         .bottom_px = bottom_px,
                         .line = rows,
                         .is_compared = text.is_compared,
                         .sample = text.sample});
    };
    for (Piece& piece : pieces_) place(piece.text, piece.left_px, rows.first_px);
    for (Piece& piece : pieces_) {
        if (piece.below) place(*piece.below, piece.left_px, rows.last_px);
    }
}

}  // namespace kurabe::render
