// One loop over the rows for each operator.
#include <cmath>

#include "render/rpn_operators.hpp"
#include "store/rpn_functions.hpp"

namespace kurabe::render {

namespace {

namespace rpn = store::rpn;
using store::is_unknown;
using store::kUnknown;

// What a function of the mathematical library costs more than an addition.
constexpr std::uint64_t kFunctionCost = 16;

void arithmetic(RpnOperator op, RpnColumns& columns) {
    switch (op) {
        case RpnOperator::kAdd:
            return columns.binary([](Value a, Value b) { return a + b; });
        case RpnOperator::kSub:
            return columns.binary([](Value a, Value b) { return a - b; });
        case RpnOperator::kMul:
            return columns.binary([](Value a, Value b) { return a * b; });
        case RpnOperator::kDiv:
            return columns.binary([](Value a, Value b) { return a / b; });
        case RpnOperator::kMod:
            return columns.binary([](Value a, Value b) { return std::fmod(a, b); });
        case RpnOperator::kPow:
            return columns.binary([](Value a, Value b) { return std::pow(a, b); });
        case RpnOperator::kAtan2:
            return columns.binary([](Value a, Value b) { return std::atan2(a, b); });
        case RpnOperator::kAddNan:
            return columns.binary([](Value a, Value b) { return rpn::add_known(a, b); });
        case RpnOperator::kMinNan:
            return columns.binary([](Value a, Value b) { return rpn::smaller_known(a, b); });
        case RpnOperator::kMaxNan:
            return columns.binary([](Value a, Value b) { return rpn::larger_known(a, b); });
        case RpnOperator::kMin:
            return columns.binary([](Value a, Value b) { return rpn::smaller(a, b); });
        default:
            return columns.binary([](Value a, Value b) { return rpn::larger(a, b); });
    }
}

void function(RpnOperator op, RpnColumns& columns) {
    switch (op) {
        case RpnOperator::kSin:
            return columns.unary([](Value a) { return std::sin(a); });
        case RpnOperator::kCos:
            return columns.unary([](Value a) { return std::cos(a); });
        case RpnOperator::kAtan:
            return columns.unary([](Value a) { return std::atan(a); });
        case RpnOperator::kSqrt:
            return columns.unary([](Value a) { return std::sqrt(a); });
        case RpnOperator::kLog:
            return columns.unary([](Value a) { return std::log(a); });
        case RpnOperator::kExp:
            return columns.unary([](Value a) { return std::exp(a); });
        case RpnOperator::kFloor:
            return columns.unary([](Value a) { return std::floor(a); });
        case RpnOperator::kCeil:
            return columns.unary([](Value a) { return std::ceil(a); });
        case RpnOperator::kRound:
            return columns.unary([](Value a) { return std::round(a); });
        case RpnOperator::kAbs:
            return columns.unary([](Value a) { return std::abs(a); });
        case RpnOperator::kRad2Deg:
            return columns.unary([](Value a) { return a * rpn::kDegreesPerRadian; });
        default:
            return columns.unary([](Value a) { return a * rpn::kRadiansPerDegree; });
    }
}

template <typename Function>
void compare(RpnColumns& columns, Function holds) {
    return columns.binary([holds](Value a, Value b) { return rpn::compare(a, b, holds); });
}

void comparison(RpnOperator op, RpnColumns& columns) {
    switch (op) {
        case RpnOperator::kLt:
            return compare(columns, [](Value a, Value b) { return a < b; });
        case RpnOperator::kLe:
            return compare(columns, [](Value a, Value b) { return a <= b; });
        case RpnOperator::kGt:
            return compare(columns, [](Value a, Value b) { return a > b; });
        case RpnOperator::kGe:
            return compare(columns, [](Value a, Value b) { return a >= b; });
        case RpnOperator::kEq:
            return compare(columns, [](Value a, Value b) { return a == b; });
        case RpnOperator::kNe:
            return compare(columns, [](Value a, Value b) { return a != b; });
        case RpnOperator::kUn:
            return columns.unary([](Value a) { return is_unknown(a) ? 1.0 : 0.0; });
        case RpnOperator::kIsInf:
            return columns.unary([](Value a) { return std::isinf(a) ? 1.0 : 0.0; });
        case RpnOperator::kIf:
            return columns.ternary([](Value condition, Value yes, Value no) {
                return rpn::choose(condition, yes, no);
            });
        default:
            return columns.ternary([](Value value, Value low, Value high) {
                return rpn::limit(value, low, high, kUnknown);
            });
    }
}

bool calls_library(RpnOperator op) {
    return op == RpnOperator::kMod || op == RpnOperator::kPow || op == RpnOperator::kAtan2 ||
           (op >= RpnOperator::kSin && op <= RpnOperator::kDeg2Rad);
}

}  // namespace

Result<void> apply_elementwise(RpnOperator op, RpnColumns& columns, WorkBudget& budget) {
    if (calls_library(op)) {
        if (const auto spent = budget.spend(columns.rows() * kFunctionCost); !spent) {
            return spent;
        }
    }
    if (op <= RpnOperator::kMax) {
        arithmetic(op, columns);
    } else if (op <= RpnOperator::kDeg2Rad) {
        function(op, columns);
    } else {
        comparison(op, columns);
    }
    return {};
}

}  // namespace kurabe::render
