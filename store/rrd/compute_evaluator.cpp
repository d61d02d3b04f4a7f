// A stack of values, and what the operators do to it.
#include "store/rrd/compute_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "store/rrd/compute_operators.hpp"
#include "store/value_sets.hpp"

namespace kurabe::store::rrd {
namespace {

using Op = ComputeOperator;

// The longest program, "a,DEPTH,COPY,DEPTH,COPY,...", doubles one value nine times.
constexpr std::size_t kStackMax = 1024;

// Every function is false when the stack does not suffice.
class Machine {
  public:
    Machine(std::span<const Value> pdps, Time now) noexcept : pdps_(pdps), now_(now) {}

    bool run(const ComputeNode& node) {
        if (const auto function = unary_of(node.op)) return apply(function);
        if (const auto function = binary_of(node.op)) return apply(function);
        if (const auto function = ternary_of(node.op)) return apply(function);
        if (const auto function = reduction_of(node.op)) return reduce(function);
        if (const auto change = rearrangement_of(node.op)) return rearrange(change);
        return push_constant(node) || change_stack(node.op);
    }
    [[nodiscard]] std::span<const Value> stack() const noexcept {
        return std::span(stack_).first(depth_);
    }
    [[nodiscard]] bool percent_is_wrong() const noexcept { return percent_is_wrong_; }

  private:
    bool push(Value value) noexcept {
        if (depth_ == kStackMax) return false;
        stack_[depth_++] = value;
        return true;
    }
    std::span<Value> top(std::size_t count) noexcept {
        return std::span(stack_).subspan(depth_ - count, count);
    }

    bool apply(Unary function) noexcept {
        if (depth_ < 1) return false;
        Value& a = top(1)[0];
        a = function(a);
        return true;
    }
    bool apply(Binary function) noexcept {
        if (depth_ < 2) return false;
        const auto operands = top(2);
        operands[0] = function(operands[0], operands[1]);
        depth_ -= 1;
        return true;
    }
    bool apply(Ternary function) noexcept {
        if (depth_ < 3) return false;
        const auto operands = top(3);
        operands[0] = function(operands[0], operands[1], operands[2]);
        depth_ -= 2;
        return true;
    }

    bool push_constant(const ComputeNode& node) noexcept {
        switch (node.op) {
            case Op::kNumber:
                return push(node.value);
            case Op::kVariable:
                return push(pdps_[static_cast<std::size_t>(node.value)]);
            case Op::kInf:
                return push(std::numeric_limits<Value>::infinity());
            case Op::kNegInf:
                return push(-std::numeric_limits<Value>::infinity());
            case Op::kUnknown:
                return push(kFileUnknown);
            case Op::kNow:
                return push(static_cast<Value>(now_.time_since_epoch().count()));
            case Op::kDepth:
                return push(static_cast<Value>(depth_));
            default:
                return false;
        }
    }

    bool change_stack(Op op) {
        switch (op) {
            case Op::kDup:
                return depth_ >= 1 && push(top(1)[0]);
            case Op::kPop:
                return drop(1);
            case Op::kExc:
                if (depth_ < 2) return false;
                std::swap(top(2)[0], top(2)[1]);
                return true;
            case Op::kCopy:
                return copy_top();
            case Op::kIndex:
                return copy_indexed();
            case Op::kRoll:
                return roll();
            case Op::kPercent:
                return reduce_percent();
            default:
                return false;
        }
    }

    bool drop(std::size_t count) noexcept {
        if (depth_ < count) return false;
        depth_ -= count;
        return true;
    }
    // Takes a count from the top; nothing unless so many values are left. What follows its point is
    // dropped.
    std::optional<std::size_t> pop_count() noexcept {
        if (depth_ < 1) return std::nullopt;
        const Value count = std::trunc(stack_[--depth_]);
        if (!(count >= 0 && count <= static_cast<Value>(depth_))) return std::nullopt;
        return static_cast<std::size_t>(count);
    }

    bool reduce(Reduction function) {
        const auto count = pop_count();
        if (!count) return false;
        const Value result = function(top(*count));
        return drop(*count) && push(result);
    }
    bool rearrange(Rearrangement change) {
        const auto count = pop_count();
        if (count) change(top(*count));
        return count.has_value();
    }
    bool copy_top() noexcept {
        const auto count = pop_count();
        if (!count || depth_ + *count > kStackMax) return false;
        std::ranges::copy(top(*count), stack_.begin() + static_cast<std::ptrdiff_t>(depth_));
        depth_ += *count;
        return true;
    }
    // n,INDEX: the n-th from the top, counted from one.
    bool copy_indexed() noexcept {
        const auto count = pop_count();
        return count && *count > 0 && push(top(*count)[0]);
    }
    // n,m,ROLL: the top n turned by m, towards the top when m > 0.
    bool roll() noexcept {
        if (depth_ < 2) return false;
        const Value by = std::trunc(stack_[--depth_]);
        const auto count = pop_count();
        if (!count || !std::isfinite(by)) return false;
        if (*count < 2) return true;
        const auto size = static_cast<Value>(*count);
        const Value turned = std::fmod(by, size);
        const auto set = top(*count);
        const auto offset = static_cast<std::ptrdiff_t>(turned > 0 ? size - turned : -turned);
        std::ranges::rotate(set, set.begin() + offset);
        return true;
    }
    // percent,n,PERCENT: the percentage lies on top of the set.
    bool reduce_percent() {
        const auto count = pop_count();
        if (!count || *count == 0 || depth_ < *count + 1) return false;
        const Value percent = stack_[--depth_];
        percent_is_wrong_ = !(percent >= 0 && percent <= 100);
        if (percent_is_wrong_) return false;
        const Value result = percentile(top(*count), percent);
        return drop(*count) && push(result);
    }

    std::span<const Value> pdps_;
    Time now_;
    std::array<Value, kStackMax> stack_;
    std::size_t depth_ = 0;
    bool percent_is_wrong_ = false;
};

}  // namespace

Result<Value> evaluate_compute(const ComputeProgram& program, std::span<const Value> pdps,
                               Time now) {
    Machine machine(pdps, now);
    for (const ComputeNode& node : program.nodes) {
        if (machine.run(node)) continue;
        return fail(ErrorCode::kInvalid, machine.percent_is_wrong()
                                             ? "percentile argument must be between 0 and 100"
                                             : "RPN stack underflow");
    }
    if (machine.stack().size() != 1) {
        return fail(ErrorCode::kInvalid, "RPN final stack size != 1");
    }
    return machine.stack().front();
}

}  // namespace kurabe::store::rrd
