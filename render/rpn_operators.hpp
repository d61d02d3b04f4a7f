// The RPN operators that need nothing but the stack.
#pragma once

#include "render/rpn.hpp"
#include "render/rpn_columns.hpp"
#include "render/work_budget.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// kAdd...kLimit: each row by itself. The operands must be there.
[[nodiscard]] Result<void> apply_elementwise(RpnOperator op, RpnColumns& columns,
                                             WorkBudget& budget);

// kDup...kPercent: columns moved, copied or folded. The operands on top must be there; kInvalid
// when a count reaches below the stack.
[[nodiscard]] Result<void> apply_to_stack(RpnOperator op, RpnColumns& columns, WorkBudget& budget);

}  // namespace kurabe::render
