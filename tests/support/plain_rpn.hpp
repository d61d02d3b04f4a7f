// RPN as a textbook has it, one row after the other, for the evaluator by blocks to agree with.
// Knows all operators but those over a variable's past and of the calendar.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "render/rpn.hpp"

namespace kurabe::tests {

// `variables`: the value of each of program.variables in every row. Nothing when a row fails.
[[nodiscard]] std::optional<std::vector<double>> plain_rpn(
    const render::RpnProgram& program, std::span<const std::vector<double>> variables);

}  // namespace kurabe::tests
