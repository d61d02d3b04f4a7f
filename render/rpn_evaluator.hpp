// Runs an RPN program over all rows of a grid.
// An operator is applied to a block of rows at once; programs that look back at their own results,
// or take a count from data, are run row by row. tests/support/ has the plain version.
// Rule: rrdgraph_rpn(1); compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "render/rpn.hpp"
#include "render/series_view.hpp"
#include "render/work_budget.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::render {

// What a variable of an expression stands for: a series, or the number of a VDEF.
using RpnOperand = std::variant<SeriesView, store::Value>;

// The rows of the result, as in SeriesView.
struct RpnGrid {
    store::Time start;
    store::Seconds step{1};
    std::size_t rows = 0;
};

// One operand for each of program.variables, whose steps are multiples of the grid's.
// kInvalid for what rrdtool refuses when it computes ("RPN stack underflow"), kLimit when the stack
// grows over kRpnStackMax or the budget is used up.
[[nodiscard]] Result<std::vector<store::Value>> evaluate_rpn(const RpnProgram& program,
                                                             std::span<const RpnOperand> operands,
                                                             const RpnGrid& grid, store::Time now,
                                                             const store::TimeZone& zone,
                                                             WorkBudget& budget);

}  // namespace kurabe::render
