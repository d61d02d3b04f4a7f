// Operators that take counts from the stack: all rows of a block have the same ones.
#include <cmath>

#include "render/rpn_operators.hpp"
#include "store/value_sets.hpp"

namespace kurabe::render {

namespace {

// What sorting or gathering a value of a set costs more than an addition.
constexpr std::uint64_t kSetCost = 16;

using Step = Result<void>;

Step rearrange_set(RpnColumns& columns, WorkBudget& budget, std::size_t count,
                   void (*change)(std::span<Value>)) {
    const auto spent = budget.spend(columns.rows() * count * kSetCost);
    if (spent) {
        columns.for_each_set(count, change);
    }
    return spent;
}

// Replaces the top `count` columns by what `value_of` makes of them; by unknown for none.
template <typename Function>
Step reduce_top(RpnColumns& columns, WorkBudget& budget, std::size_t count, Function value_of) {
    if (count == 0) {
        return columns.push_each([](std::size_t) { return store::kUnknown; });
    }
    const auto spent = budget.spend(columns.rows() * count * kSetCost);
    if (spent) {
        columns.for_each_set(count, [&](std::span<Value> set) { set[0] = value_of(set); });
        columns.drop(count - 1);
    }
    return spent;
}

// n,COPY
Step copy_top(RpnColumns& columns, WorkBudget& budget, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto copied = columns.copy_from(count - 1); !copied) {
            return copied;
        }
    }
    return budget.spend(count * columns.rows());
}

// n,m,ROLL: the top n are turned by m, towards the top when m > 0.
Step roll(RpnColumns& columns, WorkBudget& budget) {
    const Value by = *columns.top();
    columns.drop(1);
    const auto count = columns.pop_count();
    if (!count) {
        return std::unexpected(count.error());
    }
    if (!std::isfinite(by)) {
        return fail(ErrorCode::kInvalid, "ROLL needs a finite number to rotate by");
    }
    if (*count < 2) {
        return {};
    }
    const auto size = static_cast<Value>(*count);
    const Value turned = std::fmod(std::trunc(by), size);
    columns.rotate(*count, static_cast<std::size_t>(turned < 0 ? turned + size : turned));
    return budget.spend(*count * columns.rows());
}

void reverse(RpnColumns& columns, std::size_t count) {
    for (std::size_t i = 0; i < count / 2; ++i) {
        columns.swap(i, count - 1 - i);
    }
}

// percent,n,PERCENT: the percentage lies on top of the set, and may differ from row to row.
Step reduce_percentile(RpnColumns& columns, WorkBudget& budget, std::size_t count) {
    if (columns.depth() < count + 1 || count == 0) {
        return rpn_underflow();
    }
    for (std::size_t row = 0; row < columns.rows(); ++row) {
        const Value percent = columns.top()[row];
        if (!(percent >= 0 && percent <= 100)) {
            return fail(ErrorCode::kInvalid, "percentile argument must be between 0 and 100");
        }
    }
    return reduce_top(columns, budget, count + 1, [](std::span<Value> set) {
        return store::percentile(set.first(set.size() - 1), set.back());
    });
}

// The operators that begin by taking a count.
Step apply_counted(RpnOperator op, RpnColumns& columns, WorkBudget& budget) {
    const auto count = columns.pop_count();
    if (!count) {
        return std::unexpected(count.error());
    }
    switch (op) {
        case RpnOperator::kCopy:
            return copy_top(columns, budget, *count);
        case RpnOperator::kIndex:
            return *count == 0 ? rpn_underflow() : columns.copy_from(*count - 1);
        case RpnOperator::kSort:
            return rearrange_set(columns, budget, *count, store::sort_values);
        case RpnOperator::kRev:
            reverse(columns, *count);
            return {};
        case RpnOperator::kAvg:
            return reduce_top(columns, budget, *count, store::mean_known);
        case RpnOperator::kSmin:
            return reduce_top(columns, budget, *count, store::smallest_known);
        case RpnOperator::kSmax:
            return reduce_top(columns, budget, *count, store::largest_known);
        case RpnOperator::kMedian:
            return reduce_top(columns, budget, *count, store::median_known);
        case RpnOperator::kStdev:
            return reduce_top(columns, budget, *count, store::sample_deviation);
        default:
            return reduce_percentile(columns, budget, *count);
    }
}

}  // namespace

Result<void> apply_to_stack(RpnOperator op, RpnColumns& columns, WorkBudget& budget) {
    switch (op) {
        case RpnOperator::kDup:
            return columns.copy_from(0);
        case RpnOperator::kPop:
            columns.drop(1);
            return {};
        case RpnOperator::kExc:
            columns.swap(0, 1);
            return {};
        case RpnOperator::kDepth: {
            const auto depth = static_cast<Value>(columns.depth());
            return columns.push_each([depth](std::size_t) { return depth; });
        }
        case RpnOperator::kRoll:
            return roll(columns, budget);
        default:
            return apply_counted(op, columns, budget);
    }
}

}  // namespace kurabe::render
