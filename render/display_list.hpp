// What to paint, in order, in pixels: plain data between layout and drawing.
// Every back end (the raster for PNG, Cairo for vector pictures) draws the same list, and tests
// read it as numbers. Everything that can be is on whole pixels already, so that nothing is
// blurred: at the latest when scaling.hpp has made the layout's pixels the picture's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "render/geometry.hpp"
#include "render/graph_definition.hpp"

namespace kurabe::render {

struct FilledBox {
    PixelBox box;
    Color color;
};

// Many of one colour; what they share is drawn once.
struct FilledBoxes {
    std::vector<PixelBox> boxes;
    Color color;
};

// Colours that change downwards, in each column of pixels from `left` on between two heights of its
// own: from `first`, which is all there is above them, to `second`, which is all below.
struct Gradient {
    struct Course {
        double begin = 0;
        double end = 0;
    };
    int left = 0;
    std::vector<Course> columns;
    Color first;
    Color second;
    int colors = 2;  // how many, with both ends: few are drawn and stored faster
};

// Pixel rows top <= y < bottom of one column; empty where top >= bottom.
struct RowSpan {
    int top = 0;
    int bottom = 0;
    bool operator==(const RowSpan&) const = default;
};

// One span of pixel rows for each pixel column from `left` on.
struct ColumnArea {
    int left = 0;
    std::vector<RowSpan> columns;
    Color color;
    Gradient gradient = {};  // instead of the colour, if it has the columns
};

// An open path, mitred, ends cut off.
struct Polyline {
    std::vector<Point> points;
    double width_px = 1;
    Dashes dashes;
    Color color;
    bool smooth = true;  // at its edges
};

// A line along pixels: from column `position` on if upright, otherwise from row `position` on; from
// <= pixel < to. In a layout it may stand between pixels and be thinner than one; scaling.hpp gives
// it whole ones. A dotted line begins with `on_px` pixels at `from` and then has `off_px` none.
struct GridLine {
    bool upright = false;
    double position = 0;
    int from = 0;
    int to = 0;
    bool dotted = false;
    Color color = {};
    double on_px = 1;
    double off_px = 1;
    double width_px = 1;
};

struct FilledPolygon {
    std::vector<Point> points;
    Color color;
    bool smooth = true;      // at its edges
    Gradient gradient = {};  // instead of the colour, if it has columns: all that are touched
};

enum class TextAnchor { kLeft, kCenter, kRight };

// How far left of its anchor's place a text of that width begins.
[[nodiscard]] constexpr int anchor_shift(TextAnchor anchor, int width) noexcept {
    switch (anchor) {
        case TextAnchor::kLeft:
            return 0;
        case TextAnchor::kCenter:
            return width / 2;
        case TextAnchor::kRight:
            return width;
    }
    return 0;
}

// Text on a baseline. `x` is the anchor's place. Turned text reads upwards: then `x` is the
// baseline's column and `baseline` the row of the anchor.
struct TextRun {
    std::string text;  // UTF-8
    Font font;
    int x = 0;
    int baseline = 0;
    TextAnchor anchor = TextAnchor::kLeft;
    bool turned = false;
    Color color;
    double scale = 1;            // of the letters, and of the width that the text takes
    std::size_t own_shapes = 0;  // how many before it in the list stand and fall with it
};

// What follows is drawn only inside the box; none = everywhere.
struct Clip {
    std::optional<PixelBox> box;
};

using Primitive = std::variant<FilledBox, FilledBoxes, ColumnArea, Polyline, GridLine,
                               FilledPolygon, TextRun, Clip>;
using DisplayList = std::vector<Primitive>;

}  // namespace kurabe::render
