// The operators of COMPUTE programs that are functions of numbers, by the operands they take.
// Rule: rrdgraph_rpn(1); compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <span>

#include "store/rrd/compute_program.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

using Unary = Value (*)(Value);
using Binary = Value (*)(Value, Value);
using Ternary = Value (*)(Value, Value, Value);
// Of the top n values, deepest first; there may be none.
using Reduction = Value (*)(std::span<Value>);
using Rearrangement = void (*)(std::span<Value>);

// nullptr for an operator that is none of the kind.
[[nodiscard]] Unary unary_of(ComputeOperator op) noexcept;
[[nodiscard]] Binary binary_of(ComputeOperator op) noexcept;
[[nodiscard]] Ternary ternary_of(ComputeOperator op) noexcept;
[[nodiscard]] Reduction reduction_of(ComputeOperator op) noexcept;
[[nodiscard]] Rearrangement rearrangement_of(ComputeOperator op) noexcept;

}  // namespace kurabe::store::rrd
