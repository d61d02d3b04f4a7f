// Runs the program of a COMPUTE data source over the PDPs of the data sources before it.
// Rule: rrdgraph_rpn(1); ROLL, PERCENT and the order of infinities as documented there, the rest as
// rrdtool 1.7.2 computes it (tests/differential/).
#pragma once

#include <span>

#include "store/result.hpp"
#include "store/rrd/compute_program.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// `pdps` by data source, at least those before the program's own; `now` is what NOW stands for.
// Unknown results have the sign that the file gets. kInvalid with rrdtool's message when the stack
// does not suffice or does not hold one value in the end.
[[nodiscard]] Result<Value> evaluate_compute(const ComputeProgram& program,
                                             std::span<const Value> pdps, Time now);

}  // namespace kurabe::store::rrd
