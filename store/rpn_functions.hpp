// The elementary functions of RPN, of CDEFs and of COMPUTE data sources.
// Rule: rrdgraph_rpn(1). An unknown result is the unknown operand, the left one of two, because
// rrdtool keeps its sign and files show it; compared with rrdtool in tests/differential/.
#pragma once

#include <cmath>

#include "store/types.hpp"

namespace kurabe::store::rpn {

// rrdtool's constants, rounded as it has them.
inline constexpr Value kDegreesPerRadian = 57.29577951;
inline constexpr Value kRadiansPerDegree = 0.0174532952;

// Compilers may swap the operands of a sum and a product, and with them the unknown one that wins.
[[nodiscard]] inline Value add(Value a, Value b) noexcept {
    return is_unknown(a) ? a : a + b;
}
[[nodiscard]] inline Value multiply(Value a, Value b) noexcept {
    return is_unknown(a) ? a : a * b;
}

// Unknown only if both are.
[[nodiscard]] inline Value add_known(Value a, Value b) noexcept {
    if (is_unknown(a)) return b;
    return is_unknown(b) ? a : a + b;
}
[[nodiscard]] inline Value smaller_known(Value a, Value b) noexcept {
    return is_unknown(a) || b < a ? b : a;
}
[[nodiscard]] inline Value larger_known(Value a, Value b) noexcept {
    return is_unknown(a) || b > a ? b : a;
}

// Unknown if either is.
[[nodiscard]] inline Value smaller(Value a, Value b) noexcept {
    return is_unknown(a) || a <= b ? a : b;
}
[[nodiscard]] inline Value larger(Value a, Value b) noexcept {
    return is_unknown(a) || a >= b ? a : b;
}

// 1 if `holds(a, b)`, 0 if not.
template <typename Holds>
[[nodiscard]] Value compare(Value a, Value b, Holds holds) noexcept {
    if (is_unknown(a)) return a;
    if (is_unknown(b)) return b;
    return holds(a, b) ? 1 : 0;
}

// `value` unless it is outside of low...high; `outside` is the unknown to say so with.
[[nodiscard]] inline Value limit(Value value, Value low, Value high, Value outside) noexcept {
    for (const Value operand : {value, low, high}) {
        if (is_unknown(operand)) return operand;
    }
    return value >= low && value <= high ? value : outside;
}

[[nodiscard]] inline Value choose(Value condition, Value yes, Value no) noexcept {
    return condition == 0 || is_unknown(condition) ? no : yes;
}

}  // namespace kurabe::store::rpn
