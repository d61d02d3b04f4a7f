// One line of a legend: texts with gaps between them.
// Rule: as legend.hpp, whose only user of this is legend.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/legend.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// Width of a text set with tab stops: each part between tabs begins at a stop.
[[nodiscard]] int tabbed_width(std::string_view text, const LegendStyle& style,
                               TextMeasurer& measurer);

struct LineRoom {
    int width_px = 0;  // from side to side
    int gap_px = 0;    // between a side and the texts
};

class LegendLine {
  public:
    struct Text {
        std::size_t entry = 0;
        std::string text;
        int width_px = 0;
        int indent_px = 0;  // of it, the blanks at its beginning
        bool is_compared = false;
        std::optional<std::size_t> sample = {};
    };

    [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }

    // Whether any text has one below it.
    [[nodiscard]] bool has_two_rows() const noexcept;

    // `below` stands in a row of its own; both have the room of the wider one. `gap_px` is the room
    // that they want behind themselves: none when they are glued to the next. A wider text below
    // reaches into the next text's indent, so that what is aligned by blanks stays so.
    void append(Text text, std::optional<Text> below, int gap_px);

    // Of all texts and gaps but the first gap. rrdtool takes that one instead of the last, so a
    // line with glued texts may end a gap too early or too late.
    [[nodiscard]] int width_px() const;
    // With one more text.
    [[nodiscard]] int width_with_px(int width_px, int gap_px) const;

    // Gives every text its place as the alignment says.
    void spread(const LineRoom& room, Alignment alignment);

    // Moves texts that left the room back into it: first all, then closer together, then the last
    // are shortened.
    void press_inside(const LineRoom& room, const LegendStyle& style, TextMeasurer& measurer);

    // The texts with their places; without two rows both are the same.
    void take(const LegendRows& rows, std::vector<LegendBlockText>& texts) &&;

  private:
    struct Piece {
        Text text;
        std::optional<Text> below;
        int width_px;  // of the wider one
        int gap_px;
        double left_px;
    };

    void press_together(const LineRoom& room, const LegendStyle& style, TextMeasurer& measurer);
    // Shortens the text `last` and drops those behind it.
    void cut_behind(std::size_t last, int right_px, const LegendStyle& style,
                    TextMeasurer& measurer);

    std::vector<Piece> pieces_;
};

}  // namespace kurabe::render
