// The set operators of RPN, of CDEFs and of COMPUTE data sources: one number from some, unknown
// ones ignored unless said otherwise.
#pragma once

#include <span>

#include "store/types.hpp"

namespace kurabe::store {

// Unknown first, then from -inf to +inf, as rrdgraph_rpn(1) has it; rrdtool 1.7.2 itself puts +inf
// before and -inf after the finite values.
void sort_values(std::span<Value> values);

// Sums begin at the last value, the top of a stack. Unknown when none is known. `median` and
// `percentile` sort their argument.
[[nodiscard]] Value mean_known(std::span<const Value> values);
[[nodiscard]] Value smallest_known(std::span<const Value> values);
[[nodiscard]] Value largest_known(std::span<const Value> values);
[[nodiscard]] Value median_known(std::span<Value> values);
// Of a sample (n - 1); kUnknown for less than two.
[[nodiscard]] Value sample_deviation(std::span<const Value> values);
// Element round(percent * n / 100), counted from 1, of the sorted values, unknown ones included;
// the first for 0 %. `values` must not be empty.
[[nodiscard]] Value percentile(std::span<Value> values, double percent);

}  // namespace kurabe::store
