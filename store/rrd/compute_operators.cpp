// One table per number of operands.
#include "store/rrd/compute_operators.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "store/rpn_functions.hpp"
#include "store/value_sets.hpp"

namespace kurabe::store::rrd {
namespace {

using Op = ComputeOperator;

Binary arithmetic_of(Op op) noexcept {
    switch (op) {
        case Op::kAdd:
            return rpn::add;
        case Op::kSub:
            return [](Value a, Value b) { return a - b; };
        case Op::kMul:
            return rpn::multiply;
        case Op::kDiv:
            return [](Value a, Value b) { return a / b; };
        case Op::kMod:
            return [](Value a, Value b) { return std::fmod(a, b); };
        case Op::kPow:
            return [](Value a, Value b) { return std::pow(a, b); };
        case Op::kAtan2:
            return [](Value a, Value b) { return std::atan2(a, b); };
        case Op::kAddNan:
            return rpn::add_known;
        case Op::kMinNan:
            return rpn::smaller_known;
        case Op::kMaxNan:
            return rpn::larger_known;
        case Op::kMin:
            return rpn::smaller;
        case Op::kMax:
            return rpn::larger;
        default:
            return nullptr;
    }
}

Binary comparison_of(Op op) noexcept {
    switch (op) {
        case Op::kLt:
            return [](Value a, Value b) { return rpn::compare(a, b, std::less<>{}); };
        case Op::kLe:
            return [](Value a, Value b) { return rpn::compare(a, b, std::less_equal<>{}); };
        case Op::kGt:
            return [](Value a, Value b) { return rpn::compare(a, b, std::greater<>{}); };
        case Op::kGe:
            return [](Value a, Value b) { return rpn::compare(a, b, std::greater_equal<>{}); };
        case Op::kEq:
            return [](Value a, Value b) { return rpn::compare(a, b, std::equal_to<>{}); };
        case Op::kNe:
            return [](Value a, Value b) { return rpn::compare(a, b, std::not_equal_to<>{}); };
        default:
            return nullptr;
    }
}

}  // namespace

Unary unary_of(Op op) noexcept {
    switch (op) {
        case Op::kSin:
            return [](Value a) { return std::sin(a); };
        case Op::kCos:
            return [](Value a) { return std::cos(a); };
        case Op::kAtan:
            return [](Value a) { return std::atan(a); };
        case Op::kSqrt:
            return [](Value a) { return std::sqrt(a); };
        case Op::kLog:
            return [](Value a) { return std::log(a); };
        case Op::kExp:
            return [](Value a) { return std::exp(a); };
        case Op::kFloor:
            return [](Value a) { return std::floor(a); };
        case Op::kCeil:
            return [](Value a) { return std::ceil(a); };
        case Op::kRound:
            return [](Value a) { return std::round(a); };
        case Op::kAbs:
            return [](Value a) { return std::abs(a); };
        case Op::kRad2Deg:
            return [](Value a) { return a * rpn::kDegreesPerRadian; };
        case Op::kDeg2Rad:
            return [](Value a) { return a * rpn::kRadiansPerDegree; };
        case Op::kUn:
            return [](Value a) { return is_unknown(a) ? 1.0 : 0.0; };
        case Op::kIsInf:
            return [](Value a) { return std::isinf(a) ? 1.0 : 0.0; };
        default:
            return nullptr;
    }
}

Binary binary_of(Op op) noexcept {
    const Binary arithmetic = arithmetic_of(op);
    return arithmetic != nullptr ? arithmetic : comparison_of(op);
}

Ternary ternary_of(Op op) noexcept {
    switch (op) {
        case Op::kIf:
            return rpn::choose;
        case Op::kLimit:
            return [](Value value, Value low, Value high) {
                return rpn::limit(value, low, high, kFileUnknown);
            };
        default:
            return nullptr;
    }
}

Reduction reduction_of(Op op) noexcept {
    switch (op) {
        case Op::kAvg:
            return [](std::span<Value> set) { return as_stored(mean_known(set)); };
        case Op::kMedian:
            return [](std::span<Value> set) { return as_stored(median_known(set)); };
        case Op::kStdev:
            return [](std::span<Value> set) { return as_stored(sample_deviation(set)); };
        case Op::kSmin:
            return [](std::span<Value> set) {
                return set.empty() ? kFileUnknown : smallest_known(set);
            };
        case Op::kSmax:
            return [](std::span<Value> set) {
                return set.empty() ? kFileUnknown : largest_known(set);
            };
        default:
            return nullptr;
    }
}

Rearrangement rearrangement_of(Op op) noexcept {
    if (op == Op::kSort) return sort_values;
    if (op == Op::kRev) return [](std::span<Value> set) { std::ranges::reverse(set); };
    return nullptr;
}

}  // namespace kurabe::store::rrd
