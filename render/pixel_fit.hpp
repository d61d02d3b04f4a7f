// Which whole pixels stand for heights between them: as rrdtool 1.7.2 fits lines and areas,
// compared with it in tests/render/rrdtool_columns_test.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "render/display_list.hpp"

namespace kurabe::render {

// The first pixel row that begins at or below a height in the picture or close to it: std::ceil
// without the call that it is where the processor may be an old one.
[[nodiscard]] inline int row_below(double y) {
    const int row = static_cast<int>(y);
    return row + (y > row ? 1 : 0);
}

// The first row of a line around a height.
[[nodiscard]] inline int line_row(double y, int thickness = 1) {
    return row_below(y + 0.5) - (thickness + 1) / 2;
}

// rrdtool's fit of areas to pixels: both edges go outward by a fifth, so that layers leave no gap
// between them, and what is low is seen.
inline constexpr double kFit_px = 0.2;

// An area of no height has none. What lets through what is below would be darker where layers of a
// stack overlap: then the layer on top ends where the one below does.
[[nodiscard]] inline RowSpan fitted_rows(double value_y, double base_y, bool lies_on_layer) {
    const double outward = value_y <= base_y ? kFit_px : -kFit_px;
    const int value_row = row_below(value_y - outward);
    if (value_y == base_y) return {value_row, value_row};
    const int base_row = row_below(lies_on_layer ? base_y - outward : base_y + outward);
    return {std::min(value_row, base_row), std::max(value_row, base_row)};
}

// fitted_rows() of each column. All have one size; heights are numbers, none further from 0 than an
// int.
void fit_rows(std::span<const double> values, std::span<const double> bases, bool lies_on_layer,
              std::span<RowSpan> rows);

// The middle of a line whose upper edge is fitted.
[[nodiscard]] inline double fitted_middle(double y, double width_px) {
    const int thickness = static_cast<int>(std::ceil(width_px));
    return line_row(y, thickness) + width_px / 2;
}

// How far to the left of a boundary between columns a line's upright parts begin; `unit_px` are the
// pixels of one of the layout.
[[nodiscard]] constexpr int upright_reach(int thickness, int unit_px) {
    return (unit_px + thickness + 1) / 2;
}

// The same of their middle.
[[nodiscard]] inline double fitted_shift(double width_px, int unit_px) {
    const int thickness = static_cast<int>(std::ceil(width_px));
    return upright_reach(thickness, unit_px) - thickness / 2.0;
}

}  // namespace kurabe::render
