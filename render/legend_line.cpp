// Spreads a line's texts over its room.
#include "render/legend_line.hpp"

#include <algorithm>
#include <utility>

namespace kurabe::render {

namespace {

inline constexpr int kEdge_px = 3;      // texts keep away from the room's sides
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

void LegendLine::append(Text text, int width_px, int gap_px) {
    pieces_.push_back({std::move(text), width_px, gap_px, 0});
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
    const double right = room.width_px - kEdge_px;
    double touching = pieces_.front().left_px;  // where texts without gaps would end
    bool overlap = false;
    for (const Piece& piece : pieces_) {
        overlap = overlap || piece.left_px < touching;
        touching = piece.left_px + piece.width_px;
    }
    const double extent = touching - pieces_.front().left_px;
    if (overlap || extent > right - kEdge_px) return press_together(room, style, measurer);
    const double too_far_left = std::max(kEdge_px - pieces_.front().left_px, 0.0);
    const double too_far_right = std::max(touching - right, 0.0);
    for (Piece& piece : pieces_) piece.left_px += too_far_left - too_far_right;
}

void LegendLine::press_together(const LineRoom& room, const LegendStyle& style,
                                TextMeasurer& measurer) {
    const double left = std::min(room.gap_px, room.width_px / 4);
    const double right = room.width_px - kEdge_px;
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
    std::string& text = piece.text.text;
    std::ranges::replace(text, '\t', ' ');
    if (last + 1 < pieces_.size()) text += "\u2026";
    const int room = right_px - static_cast<int>(piece.left_px);
    text = shorten_to_fit(text, style.font, room, measurer);
    piece.width_px = measurer.measure(text, style.font).width_px;
    pieces_.resize(piece.width_px > room ? last : last + 1);
}

void LegendLine::take(int bottom_px, std::vector<LegendBlockText>& texts) && {
    for (Piece& piece : pieces_) {
        texts.push_back({piece.text.entry, std::move(piece.text.text), piece.left_px,
                         piece.width_px, bottom_px});
    }
}

}  // namespace kurabe::render
