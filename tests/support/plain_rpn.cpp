// A vector as the stack; every operator pops and pushes.
#include "tests/support/plain_rpn.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace kurabe::tests {

namespace {

using Op = render::RpnOperator;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Failed {};

class PlainMachine {
  public:
    double pop() {
        if (stack_.empty()) {
            throw Failed();
        }
        const double value = stack_.back();
        stack_.pop_back();
        return value;
    }
    void push(double value) { stack_.push_back(value); }
    double result() const {
        if (stack_.size() != 1) {
            throw Failed();
        }
        return stack_.back();
    }

    // The top n, deepest first; they leave the stack.
    std::vector<double> pop_set() {
        const double count = pop();
        if (!(count >= 0 && count < static_cast<double>(stack_.size()) + 1)) {
            throw Failed();
        }
        const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<double> set(first, stack_.end());
        stack_.erase(first, stack_.end());
        return set;
    }
    void push_all(const std::vector<double>& set) {
        stack_.insert(stack_.end(), set.begin(), set.end());
    }
    double depth() const { return static_cast<double>(stack_.size()); }

  private:
    std::vector<double> stack_;
};

bool before(double left, double right) {
    return std::isnan(left) ? !std::isnan(right) : left < right;
}

double binary(Op op, double a, double b) {
    const bool unknown = std::isnan(a) || std::isnan(b);
    switch (op) {
        case Op::kAdd:
            return a + b;
        case Op::kSub:
            return a - b;
        case Op::kMul:
            return a * b;
        case Op::kDiv:
            return a / b;
        case Op::kMod:
            return std::fmod(a, b);
        case Op::kPow:
            return std::pow(a, b);
        case Op::kAtan2:
            return std::atan2(a, b);
        case Op::kAddNan:
            return std::isnan(a) ? b : std::isnan(b) ? a : a + b;
        case Op::kMinNan:
            return std::fmin(a, b);
        case Op::kMaxNan:
            return std::fmax(a, b);
        case Op::kMin:
            return unknown ? kNan : std::min(a, b);
        case Op::kMax:
            return unknown ? kNan : std::max(a, b);
        case Op::kLt:
            return unknown ? kNan : a < b;
        case Op::kLe:
            return unknown ? kNan : a <= b;
        case Op::kGt:
            return unknown ? kNan : a > b;
        case Op::kGe:
            return unknown ? kNan : a >= b;
        case Op::kEq:
            return unknown ? kNan : a == b;
        default:
            return unknown ? kNan : a != b;
    }
}

double unary(Op op, double a) {
    switch (op) {
        case Op::kSin:
            return std::sin(a);
        case Op::kCos:
            return std::cos(a);
        case Op::kAtan:
            return std::atan(a);
        case Op::kSqrt:
            return std::sqrt(a);
        case Op::kLog:
            return std::log(a);
        case Op::kExp:
            return std::exp(a);
        case Op::kFloor:
            return std::floor(a);
        case Op::kCeil:
            return std::ceil(a);
        case Op::kRound:
            return std::round(a);
        case Op::kAbs:
            return std::fabs(a);
        case Op::kRad2Deg:
            return a * 57.29577951;
        case Op::kDeg2Rad:
            return a * 0.0174532952;
        case Op::kUn:
            return std::isnan(a);
        default:
            return std::isinf(a);
    }
}

double folded(Op op, std::vector<double> set) {
    std::erase_if(set, [](double value) { return std::isnan(value); });
    if (set.empty()) {
        return kNan;
    }
    std::ranges::reverse(set);
    const double count = static_cast<double>(set.size());
    const double mean = std::accumulate(set.begin(), set.end(), 0.0) / count;
    double moving_mean = 0;
    double squares = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
        const double before = set[i] - moving_mean;
        moving_mean += before / static_cast<double>(i + 1);
        squares += before * (set[i] - moving_mean);
    }
    std::ranges::sort(set);
    switch (op) {
        case Op::kAvg:
            return mean;
        case Op::kSmin:
            return set.front();
        case Op::kSmax:
            return set.back();
        case Op::kMedian:
            return set.size() % 2 == 1 ? set[set.size() / 2]
                                       : (set[set.size() / 2 - 1] + set[set.size() / 2]) / 2;
        default:
            break;
    }
    return set.size() < 2 ? kNan : std::sqrt(squares / (count - 1));
}

void roll(PlainMachine& machine) {
    const double by = machine.pop();
    std::vector<double> set = machine.pop_set();
    for (int i = 0; i < std::abs(static_cast<int>(by)) && !set.empty(); ++i) {
        if (by > 0) {
            set.insert(set.begin(), set.back());
            set.pop_back();
        } else {
            set.push_back(set.front());
            set.erase(set.begin());
        }
    }
    machine.push_all(set);
}

void percent(PlainMachine& machine) {
    const double count = machine.pop();
    const double wanted = machine.pop();
    machine.push(count);
    std::vector<double> set = machine.pop_set();
    if (!(wanted >= 0 && wanted <= 100) || set.empty()) {
        throw Failed();
    }
    std::ranges::sort(set, before);
    const double position = std::round(wanted * static_cast<double>(set.size()) / 100);
    machine.push(set[static_cast<std::size_t>(std::max(position, 1.0)) - 1]);
}

void on_set(PlainMachine& machine, Op op) {
    std::vector<double> set = machine.pop_set();
    switch (op) {
        case Op::kCopy:
            machine.push_all(set);
            machine.push_all(set);
            return;
        case Op::kIndex:
            if (set.empty()) {
                throw Failed();
            }
            machine.push_all(set);
            machine.push(set.front());
            return;
        case Op::kSort:
            std::ranges::sort(set, before);
            machine.push_all(set);
            return;
        case Op::kRev:
            std::ranges::reverse(set);
            machine.push_all(set);
            return;
        default:
            machine.push(folded(op, set));
    }
}

void step(PlainMachine& machine, Op op) {
    if ((op >= Op::kAdd && op <= Op::kMax) || (op >= Op::kLt && op <= Op::kNe)) {
        const double right = machine.pop();
        machine.push(binary(op, machine.pop(), right));
    } else if ((op >= Op::kSin && op <= Op::kDeg2Rad) || op == Op::kUn || op == Op::kIsInf) {
        machine.push(unary(op, machine.pop()));
    } else if (op == Op::kIf) {
        const double no = machine.pop();
        const double yes = machine.pop();
        const double condition = machine.pop();
        machine.push(condition != 0 && !std::isnan(condition) ? yes : no);
    } else if (op == Op::kLimit) {
        const double high = machine.pop();
        const double low = machine.pop();
        const double value = machine.pop();
        machine.push(value >= low && value <= high ? value : kNan);
    } else if (op == Op::kDup) {
        const double value = machine.pop();
        machine.push_all({value, value});
    } else if (op == Op::kPop) {
        machine.pop();
    } else if (op == Op::kExc) {
        const double top = machine.pop();
        const double below = machine.pop();
        machine.push_all({top, below});
    } else if (op == Op::kDepth) {
        machine.push(machine.depth());
    } else if (op == Op::kRoll) {
        roll(machine);
    } else if (op == Op::kPercent) {
        percent(machine);
    } else {
        on_set(machine, op);
    }
}

double run_row(const render::RpnProgram& program, std::span<const std::vector<double>> variables,
               std::size_t row, double previous) {
    PlainMachine machine;
    for (const render::RpnNode& node : program.nodes) {
        switch (node.op) {
            case Op::kNumber:
                machine.push(node.number);
                break;
            case Op::kVariable:
                machine.push(variables[node.variable][row]);
                break;
            case Op::kPrev:
                machine.push(previous);
                break;
            case Op::kPrevOther:
                machine.push(row == 0 ? kNan : variables[node.variable][row - 1]);
                break;
            case Op::kInf:
                machine.push(std::numeric_limits<double>::infinity());
                break;
            case Op::kNegInf:
                machine.push(-std::numeric_limits<double>::infinity());
                break;
            case Op::kUnknown:
                machine.push(kNan);
                break;
            case Op::kCount:
                machine.push(static_cast<double>(row + 1));
                break;
            default:
                step(machine, node.op);
        }
    }
    return machine.result();
}

}  // namespace

std::optional<std::vector<double>> plain_rpn(const render::RpnProgram& program,
                                             std::span<const std::vector<double>> variables) {
    std::vector<double> results;
    try {
        for (std::size_t row = 0; row < variables.front().size(); ++row) {
            results.push_back(run_row(program, variables, row, row == 0 ? kNan : results.back()));
        }
    } catch (const Failed&) {
        return std::nullopt;
    }
    return results;
}

}  // namespace kurabe::tests
