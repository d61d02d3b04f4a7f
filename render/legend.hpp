// The legend below the plot: where its texts stand.
// Rule: rrdgraph_graph(1), COMMENT and "Escaping"; distances measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <vector>

#include "render/evaluated.hpp"
#include "render/text_measurer.hpp"

namespace kurabe::render {

// One text of the legend; `left_px` and `bottom_px` are where its box begins and ends.
struct PlacedText {
    std::size_t entry = 0;  // of EvaluatedGraph::legend
    std::string text;       // shortened if it is wider than the picture
    int left_px = 0;
    int width_px = 0;
    int bottom_px = 0;
};

struct Legend {
    std::vector<PlacedText> texts;
    int end_px = 0;  // where a further line's text would end
};

struct LegendRoom {
    int image_width_px = 0;
    int first_bottom_px = 0;  // where the first line's text ends
    Font font;
    int tab_width_px = 40;
};

// Distance of the legend from the picture's sides, and of its texts from each other.
[[nodiscard]] int legend_gap_px(const Font& font);

// Height of a line.
[[nodiscard]] int legend_line_px(const Font& font);

// What stands between the tabs of a text.
[[nodiscard]] std::vector<std::string> tabbed_parts(std::string_view text, const Font& font);

// Where text behind a tab at `x_px` of an entry begins.
[[nodiscard]] int next_tab_stop_px(int x_px, const Font& font, int tab_width_px);

// Lines are filled from the left until one is full or ended by a marker; then its texts are moved
// as the marker or the alignment says: justified unless told otherwise.
[[nodiscard]] Legend place_legend(const EvaluatedGraph& graph, const LegendRoom& room,
                                  TextMeasurer& measurer);

// A text that has a colour box begins with room for it, two blanks wide.
[[nodiscard]] std::string legend_text(const LegendEntry& entry);

}  // namespace kurabe::render
