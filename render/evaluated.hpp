// A graph after evaluation: columns of numbers and finished texts; nothing about pixels' colours,
// fonts or positions. Second stage of a graph.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "render/graph_definition.hpp"

namespace kurabe::render {

// One value per pixel column of the plot, left to right; kUnknown where nothing is drawn.
using Columns = std::vector<Value>;

struct EvaluatedLine {
    Columns columns;  // stacked already
    double width_px;
    std::optional<Color> color;
    bool skip_scale;
    Dashes dashes;
};

struct EvaluatedArea {
    Columns columns;  // upper edge, stacked already
    Columns base;     // lower edge: of the layer below for a STACK; empty = the zero line
    std::optional<Color> color;
    bool skip_scale;
    std::optional<AreaGradient> gradient = {};
};

struct EvaluatedHorizontalRule {
    Value value;
    Color color;
    Dashes dashes;
};

struct EvaluatedVerticalRule {
    Value time;  // seconds since the epoch
    Color color;
    Dashes dashes;
};

struct EvaluatedTick {
    Columns columns;  // a tick where known and not zero
    Color color;
    double fraction;
};

using Drawn = std::variant<EvaluatedLine, EvaluatedArea, EvaluatedHorizontalRule,
                           EvaluatedVerticalRule, EvaluatedTick>;

// What ends a legend text: "\l", "\n" (= kLeft), "\r", "\c", "\j", "\g", "\s", "\u", "\.".
enum class LegendControl {
    kNone,
    kLeft,
    kRight,
    kCenter,
    kJustify,
    kGlue,
    kSpace,
    kUp,
    kNothing,
};

// What a drawn element looks like, for legends that show it: --dynamic-labels.
enum class SwatchShape { kBox, kLine, kLevel, kUpright };

// What the legend says about the second range, below what it says about the first.
struct ComparedText {
    std::string text;
    std::optional<std::size_t> line = {};  // of EvaluatedComparison::lines, before the text
};

// A text about the total of a stack; all of them stand behind the definition's texts.
struct TotalText {
    std::optional<std::size_t> name_of = {};  // the stack's lowest element; none of a number
    std::size_t as_wide_as = 0;               // of a name: the entry of a layer
};

struct LegendEntry {
    std::string text = {};  // UTF-8, markers removed; tabs kept
    LegendControl control = LegendControl::kNone;
    std::optional<Color> swatch = {};  // the colour box of a drawn element
    Dashes swatch_dashes = {};         // the box's border of a dashed element
    SwatchShape swatch_shape = SwatchShape::kBox;
    double swatch_width_px = 1;  // of a line
    bool is_comment = false;
    bool is_of_tick = false;
    std::size_t indent = 0;                     // blanks that a GPRINT's format begins with
    std::size_t element = 0;                    // of the definition; of totals, behind its end
    std::optional<Value> average = {};          // of what is drawn; for comparisons only
    std::optional<ComparedText> compared = {};  // stands below the text
    std::optional<TotalText> total = {};        // of a stack; for comparisons only
};

// A TEXTALIGN among the legends: from entry `first_entry` on.
struct LegendAlignment {
    std::size_t first_entry;
    Alignment alignment;
};

// A line that shows the second range.
struct ComparedLine {
    enum class Kind {
        kLine,     // of a line
        kOutline,  // upper edge of an area that stands alone
        kTotal,    // upper edge of a stack
    };
    Kind kind;
    Columns columns;
    double width_px;
    Color color;  // the first range's; none of kTotal's
    bool skip_scale;
    bool dashed;  // whether the first range's line is
};

// What is said about the second range, in the legend's last line: from the longest text to the
// shortest, of which the first that fits is shown.
struct ComparedTitle {
    std::vector<std::string> texts;
    std::optional<std::size_t> line = {};  // as ComparedText's
};

// A second range of time, which lies over the columns of the first.
struct EvaluatedComparison {
    std::vector<ComparedLine> lines;
    std::vector<Drawn> rules;  // where they differ from the first range's
    ComparedTitle title;
};

struct EvaluatedGraph {
    std::vector<Drawn> drawn;         // in the order of the definition
    std::vector<Drawn> sharp;         // the same by the columns of a larger picture; empty = drawn
    std::vector<LegendEntry> legend;  // in the order of the definition
    std::vector<LegendAlignment> alignments;
    std::vector<std::string> prints;  // the texts of PRINT
    bool any_known = false;           // whether any drawn column is known
    std::optional<EvaluatedComparison> comparison;
    std::optional<EvaluatedComparison> sharp_comparison;  // that of `sharp`
    std::vector<Drawn> unseen;  // of a second range that is not drawn; the value scale holds it
};

}  // namespace kurabe::render
