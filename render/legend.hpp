// The legend beside the plot: how its texts are broken into lines, and where they stand.
// Rule: rrdgraph_graph(1), COMMENT and "Escaping"; distances measured on rrdtool 1.7.2 and compared
// with it in tests/differential/legend_differential_test.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "render/evaluated.hpp"
#include "render/geometry.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// One text of the legend and its box in the picture.
struct PlacedText {
    std::size_t entry = 0;  // of EvaluatedGraph::legend; its size for the second range's title
    std::string text;       // shortened where there is no room for it
    int left_px = 0;
    int width_px = 0;
    int height_px = 0;
    int bottom_px = 0;                       // where it ends
    bool is_compared = false;                // whether it is about the second range
    std::optional<std::size_t> sample = {};  // ComparedText::line

    [[nodiscard]] PixelBox box() const noexcept {
        return {left_px, bottom_px - height_px, left_px + width_px, bottom_px};
    }
};

struct Legend {
    std::vector<PlacedText> texts;
};

// How a legend is set.
struct LegendStyle {
    Font font;
    int tab_distance_px = 56;
    LegendDirection direction = LegendDirection::kTopDown;
    // Lines are broken and spread to this width. None: only markers end lines, and the widest line
    // says how wide the legend is, as it is beside the plot.
    std::optional<int> width_px;
};

// The rows of one line, as where their texts end: two when there are texts of a second range.
struct LegendRows {
    int first_px = 0;
    int last_px = 0;
};

// A text before the legend's place in the picture is known: lengths are those from the block's left
// side and from where the first line's text ends.
struct LegendBlockText {
    std::size_t entry = 0;
    std::string text;
    double left_px = 0;
    int width_px = 0;
    int bottom_px = 0;
    LegendRows line = {};  // in which it stands
    bool is_compared = false;
    std::optional<std::size_t> sample = {};
};

struct LegendBlock {
    std::vector<LegendBlockText> texts;
    int width_px = 0;
    int height_px = 0;
};

// Distance of the legend from its sides, and of its texts from each other.
[[nodiscard]] int legend_gap_px(const Font& font);

// Height of a line.
[[nodiscard]] int legend_line_px(const Font& font);

// What stands between the tabs of a text.
[[nodiscard]] std::vector<std::string> tabbed_parts(std::string_view text, const Font& font);

// From one tab stop to the next: --tabwidth, and in rrdtool a gap more when there is room for
// labels of the y axis.
[[nodiscard]] int tab_distance_px(const GraphOptions& options);

// Where text behind a tab at `x_px` of an entry begins.
[[nodiscard]] int next_tab_stop_px(int x_px, int tab_distance_px);

// A text that has a colour box, or names a total, begins with room for one, two blanks wide.
[[nodiscard]] std::string legend_text(const LegendEntry& entry);

// The same as graphv prints it: rrdtool gives the text of a TICK no room for a box.
[[nodiscard]] std::string reported_legend_text(const LegendEntry& entry);

// Lines are filled from the left until one is full or ended by a marker; then its texts are moved
// as the marker or the alignment says: justified unless told otherwise. A line that a marker made
// too wide is pressed together, and its end shortened; none leaves the block. What is said about a
// second range stands below, each text below the first range's, and its title at the end.
[[nodiscard]] LegendBlock set_legend(const EvaluatedGraph& graph, const LegendStyle& style,
                                     TextMeasurer& measurer);

struct LegendPlace {
    int left_px = 0;          // of the block
    int first_bottom_px = 0;  // where the first line's text ends
    PixelBox room;            // rows not wholly inside are left out; an ellipsis says so
};
[[nodiscard]] Legend place_legend(const LegendBlock& block, const LegendPlace& place,
                                  const LegendStyle& style, TextMeasurer& measurer);

}  // namespace kurabe::render
