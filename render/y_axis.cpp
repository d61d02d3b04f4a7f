// Chooses the grid and asks for its labels.
#include "render/y_axis.hpp"

#include <cstddef>
#include <utility>

#include "render/value_grid.hpp"
#include "render/value_labels.hpp"

namespace kurabe::render {

std::vector<YLine> y_grid(const GraphOptions& options, const ValueAxis& axis) {
    if (options.no_y_grid) return {};
    const ValueGrid grid = axis.scaling == Scaling::kLogarithmic ? logarithmic_grid(options, axis)
                                                                 : linear_grid(options, axis);
    std::vector<std::string> left = left_labels(options, axis, grid);
    std::vector<std::string> right(grid.lines.size());
    if (options.right_axis) right = right_labels(options, axis, grid);
    std::vector<YLine> result;
    for (std::size_t i = 0; i < grid.lines.size(); ++i) {
        result.push_back({.value = grid.lines[i].value,
                          .major = grid.lines[i].major,
                          .label = std::move(left[i]),
                          .right_label = std::move(right[i])});
    }
    return result;
}

}  // namespace kurabe::render
