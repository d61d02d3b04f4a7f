// Areas are what most pixels and most time of a graph go to: their columns are fitted several at a
// time, in loops that compilers make vector instructions of.
#include "render/pixel_fit.hpp"

#include <array>
#include <cstddef>

namespace kurabe::render {

namespace {

constexpr std::size_t kBlock = 128;
using Rows = std::array<int, kBlock>;

// row_below() as a double: beside this number there is no room for a fraction.
double whole_row_below(double y) {
    constexpr double kNoFraction = 0x1.8p52;
    const double nearest = (y + kNoFraction) - kNoFraction;
    return nearest + (nearest < y ? 1.0 : 0.0);
}

// Pointers, because checked indexes keep compilers from it.
void find_rows(const double* value_y, const double* base_y, std::size_t count, double base_outward,
               int* value_row, int* base_row) {
    for (std::size_t i = 0; i < count; ++i) {
        const double value = value_y[i];
        const double base = base_y[i];
        const double outward = value <= base ? kFit_px : -kFit_px;
        value_row[i] = static_cast<int>(whole_row_below(value - outward));
        base_row[i] = static_cast<int>(whole_row_below(base + base_outward * outward));
    }
}

void join_rows(const double* value_y, const double* base_y, std::size_t count, const int* value_row,
               const int* base_row, RowSpan* rows) {
    for (std::size_t i = 0; i < count; ++i) {
        const int value = value_row[i];
        const int base = value_y[i] == base_y[i] ? value : base_row[i];
        rows[i] = {std::min(value, base), std::max(value, base)};
    }
}

}  // namespace

void fit_rows(std::span<const double> values, std::span<const double> bases, bool lies_on_layer,
              std::span<RowSpan> rows) {
    Rows value_rows;
    Rows base_rows;
    for (std::size_t begin = 0; begin < rows.size(); begin += kBlock) {
        const std::size_t count = std::min(rows.size() - begin, kBlock);
        const double* const value_y = values.data() + begin;
        const double* const base_y = bases.data() + begin;
        const double base_outward = lies_on_layer ? -1 : 1;
        find_rows(value_y, base_y, count, base_outward, value_rows.data(), base_rows.data());
        join_rows(value_y, base_y, count, value_rows.data(), base_rows.data(), &rows[begin]);
    }
}

}  // namespace kurabe::render
