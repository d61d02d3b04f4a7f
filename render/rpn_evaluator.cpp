// The stack of the machine is a stack of columns: one value for each row of the current block.
#include "render/rpn_evaluator.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "render/rpn_sets.hpp"
#include "render/rpn_windows.hpp"

namespace kurabe::render {

namespace {

using store::kUnknown;
using store::Seconds;
using store::Time;

// Columns of this many rows stay in the processor's first cache.
constexpr std::size_t kBlockRows = 256;
// Elementary operations that running one node costs, whatever the number of rows.
constexpr std::uint64_t kNodeCost = 16;
constexpr std::uint64_t kFunctionCost = 16;
constexpr std::uint64_t kCalendarCost = 64;
// rrdtool's constants, rounded as it has them.
constexpr double kDegreesPerRadian = 57.29577951;
constexpr double kRadiansPerDegree = 0.0174532952;
constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kDaysPerWeek = 7;
constexpr std::int64_t kEpochWeekday = 4;  // 1970-01-01 was a Thursday; weeks start on Sunday
// A duration in rows is never more than this.
constexpr double kWindowRowsMax = 1e9;

bool is_unknown(Value value) {
    return store::is_unknown(value);
}

std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return quotient * divisor > dividend ? quotient - 1 : quotient;
}

// How many operands an operator takes from the stack at least.
std::size_t operands_of(RpnOperator op) {
    if (op < RpnOperator::kAdd || op == RpnOperator::kDepth) {
        return 0;
    }
    if (op <= RpnOperator::kMax || (op >= RpnOperator::kLt && op <= RpnOperator::kNe)) {
        return 2;
    }
    switch (op) {
        case RpnOperator::kIf:
        case RpnOperator::kLimit:
        case RpnOperator::kPredict:
        case RpnOperator::kPredictSigma:
            return 3;
        case RpnOperator::kPredictPercent:
            return 4;
        case RpnOperator::kExc:
        case RpnOperator::kRoll:
        case RpnOperator::kPercent:
        case RpnOperator::kTrend:
        case RpnOperator::kTrendNan:
            return 2;
        default:
            return 1;
    }
}

// How many nodes before an operator must be plain numbers for all rows to have the same counts:
// the one that stands `distance` nodes before it, and with kRoll also the next.
std::size_t count_distance(RpnOperator op) {
    switch (op) {
        case RpnOperator::kRoll:
            return 2;
        case RpnOperator::kPredict:
        case RpnOperator::kPredictSigma:
            return 3;
        case RpnOperator::kPredictPercent:
            return 4;
        default:
            return op >= RpnOperator::kCopy && op <= RpnOperator::kPercent ? 1 : 0;
    }
}

bool is_number_before(const RpnProgram& program, std::size_t node, std::size_t distance) {
    return distance <= node && program.nodes[node - distance].op == RpnOperator::kNumber;
}

bool needs_single_rows(const RpnProgram& program) {
    for (std::size_t i = 0; i < program.nodes.size(); ++i) {
        const RpnOperator op = program.nodes[i].op;
        const std::size_t distance = count_distance(op);
        if (op == RpnOperator::kPrev || (distance > 0 && !is_number_before(program, i, distance)) ||
            (op == RpnOperator::kRoll && !is_number_before(program, i, 1))) {
            return true;
        }
    }
    return false;
}

std::unexpected<Error> underflow() {
    return fail(ErrorCode::kInvalid, "RPN stack underflow");
}

class Machine {
  public:
    Machine(const RpnProgram& program, std::span<const RpnOperand> operands, const RpnGrid& grid,
            Time now, const store::TimeZone& zone, WorkBudget& budget)
        : program_(program),
          operands_(operands),
          grid_(grid),
          now_(now),
          zone_(zone),
          budget_(budget),
          block_rows_(needs_single_rows(program) ? 1 : kBlockRows),
          results_(grid.rows) {}

    Result<std::vector<Value>> run() {
        for (first_ = 0; first_ < grid_.rows; first_ += block_rows_) {
            rows_ = std::min(block_rows_, grid_.rows - first_);
            if (const auto done = run_block(); !done) {
                return std::unexpected(done.error());
            }
        }
        return std::move(results_);
    }

  private:
    using Step = Result<void>;

    Step run_block() {
        depth_ = 0;
        for (std::size_t node = 0; node < program_.nodes.size(); ++node) {
            if (const auto done = run_node(node); !done) {
                return done;
            }
        }
        if (depth_ != 1) {
            return fail(ErrorCode::kInvalid, "RPN final stack size != 1");
        }
        std::copy_n(column(0), rows_, results_.begin() + static_cast<std::ptrdiff_t>(first_));
        return {};
    }

    Step run_node(std::size_t index) {
        const RpnNode& node = program_.nodes[index];
        if (depth_ < operands_of(node.op)) {
            return underflow();
        }
        if (const auto spent = spend(kNodeCost + rows_); !spent) {
            return spent;
        }
        if (node.op < RpnOperator::kAdd) {
            return push(node);
        }
        if (node.op <= RpnOperator::kMax) {
            return arithmetic(node.op);
        }
        if (node.op <= RpnOperator::kDeg2Rad) {
            return function(node.op);
        }
        if (node.op <= RpnOperator::kLimit) {
            return comparison(node.op);
        }
        if (node.op <= RpnOperator::kRev) {
            return rearrange(node.op);
        }
        if (node.op <= RpnOperator::kPercent) {
            return reduce_set(node.op);
        }
        if (node.op <= RpnOperator::kTrendNan) {
            return trend(index);
        }
        return predict(index);
    }

    Step spend(std::uint64_t cost) { return budget_.spend(cost); }

    // ---- The stack ----

    [[nodiscard]] Value* column(std::size_t position) {
        return stack_.data() + position * block_rows_;
    }
    // The column `below` places under the top; 0 is the top.
    [[nodiscard]] Value* top(std::size_t below = 0) { return column(depth_ - 1 - below); }

    Step grow(std::size_t columns) {
        if (depth_ + columns > kRpnStackMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the stack of an rpn expression is limited to {} values",
                                    kRpnStackMax));
        }
        depth_ += columns;
        stack_.resize(std::max(stack_.size(), depth_ * block_rows_));
        return {};
    }

    Step push_constant(Value value) {
        return push_each([value](std::size_t) { return value; });
    }

    template <typename Function>
    Step push_each(Function value_of_row) {
        if (const auto grown = grow(1); !grown) {
            return grown;
        }
        Value* const out = top();
        for (std::size_t i = 0; i < rows_; ++i) {
            out[i] = value_of_row(i);
        }
        return {};
    }

    template <typename Function>
    Step unary(Function function) {
        Value* const value = top();
        for (std::size_t i = 0; i < rows_; ++i) {
            value[i] = function(value[i]);
        }
        return {};
    }

    template <typename Function>
    Step binary(Function function) {
        const Value* const right = top();
        Value* const left = top(1);
        for (std::size_t i = 0; i < rows_; ++i) {
            left[i] = function(left[i], right[i]);
        }
        --depth_;
        return {};
    }

    template <typename Function>
    Step ternary(Function function) {
        const Value* const third = top();
        const Value* const second = top(1);
        Value* const first = top(2);
        for (std::size_t i = 0; i < rows_; ++i) {
            first[i] = function(first[i], second[i], third[i]);
        }
        depth_ -= 2;
        return {};
    }

    // ---- Values ----

    [[nodiscard]] Time time_of(std::size_t row) const {
        return grid_.start + grid_.step * static_cast<std::int64_t>(first_ + row + 1);
    }

    Step push(const RpnNode& node) {
        switch (node.op) {
            case RpnOperator::kNumber:
                return push_constant(node.number);
            case RpnOperator::kVariable:
                return push_variable(node.variable, 0);
            case RpnOperator::kPrev:
                return push_constant(first_ == 0 ? kUnknown : results_[first_ - 1]);
            case RpnOperator::kPrevOther:
                return push_variable(node.variable, 1);
            case RpnOperator::kInf:
                return push_constant(std::numeric_limits<Value>::infinity());
            case RpnOperator::kNegInf:
                return push_constant(-std::numeric_limits<Value>::infinity());
            case RpnOperator::kUnknown:
                return push_constant(kUnknown);
            default:
                return push_time(node.op);
        }
    }

    Step push_time(RpnOperator op) {
        switch (op) {
            case RpnOperator::kNow:
                return push_constant(static_cast<Value>(now_.time_since_epoch().count()));
            case RpnOperator::kStepWidth:
                return push_constant(static_cast<Value>(grid_.step.count()));
            case RpnOperator::kCount:
                return push_each(
                    [this](std::size_t row) { return static_cast<Value>(first_ + row + 1); });
            case RpnOperator::kTime:
                return push_each([this](std::size_t row) {
                    return static_cast<Value>(time_of(row).time_since_epoch().count());
                });
            default:
                break;
        }
        if (const auto spent = spend(rows_ * kCalendarCost); !spent) {
            return spent;
        }
        if (op == RpnOperator::kLocalTime) {
            return push_each([this](std::size_t row) {
                return static_cast<Value>(local_seconds(time_of(row)));
            });
        }
        return push_each(
            [this, op](std::size_t row) { return begins_period(op, time_of(row)) ? 1.0 : 0.0; });
    }

    [[nodiscard]] std::int64_t local_seconds(Time time) const {
        return (time + zone_.utc_offset(time)).time_since_epoch().count();
    }

    // Whether the local day, week, month or year of `time` is another than one step before.
    [[nodiscard]] bool begins_period(RpnOperator op, Time time) const {
        const Time before = time - grid_.step;
        if (op == RpnOperator::kNewDay || op == RpnOperator::kNewWeek) {
            const std::int64_t day = floor_divide(local_seconds(time), kSecondsPerDay);
            const std::int64_t day_before = floor_divide(local_seconds(before), kSecondsPerDay);
            return op == RpnOperator::kNewDay
                       ? day != day_before
                       : floor_divide(day + kEpochWeekday, kDaysPerWeek) !=
                             floor_divide(day_before + kEpochWeekday, kDaysPerWeek);
        }
        const store::CalendarTime now = zone_.to_calendar(time);
        const store::CalendarTime then = zone_.to_calendar(before);
        return now.year != then.year || (op == RpnOperator::kNewMonth && now.month != then.month);
    }

    // The value of every row, `back` rows before it.
    Step push_variable(std::uint32_t variable, std::size_t back) {
        if (const Value* const number = std::get_if<Value>(&operands_[variable])) {
            return push_each(
                [&](std::size_t row) { return first_ + row < back ? kUnknown : *number; });
        }
        const auto& series = std::get<SeriesView>(operands_[variable]);
        if (series.step != grid_.step) {
            return push_each([&](std::size_t row) {
                return first_ + row < back
                           ? kUnknown
                           : value_at(series,
                                      time_of(row) - grid_.step * static_cast<std::int64_t>(back));
            });
        }
        const std::int64_t offset = row_index(series, time_of(0)) - static_cast<std::int64_t>(back);
        return push_run(series, offset, first_ < back ? back - first_ : 0);
    }

    // Rows of the same step: a copy, with unknown ones before the series and after it.
    Step push_run(const SeriesView& series, std::int64_t offset, std::size_t unknown_rows) {
        if (const auto grown = grow(1); !grown) {
            return grown;
        }
        const auto rows = static_cast<std::int64_t>(rows_);
        const auto size = static_cast<std::int64_t>(series.values.size());
        const std::int64_t begin =
            std::clamp(-offset, static_cast<std::int64_t>(unknown_rows), rows);
        const std::int64_t end = std::clamp(size - offset, begin, rows);
        Value* const out = top();
        std::fill(out, out + begin, kUnknown);
        if (end > begin) {
            std::copy_n(series.values.begin() + (offset + begin), end - begin, out + begin);
        }
        std::fill(out + end, out + rows, kUnknown);
        return {};
    }

    // Of the interval that holds the second before `time`.
    static std::int64_t row_index(const SeriesView& series, Time time) {
        return floor_divide((time - series.start).count() - 1, series.step.count());
    }

    static Value value_at(const SeriesView& series, Time time) {
        const std::int64_t row = row_index(series, time);
        return row < 0 || row >= static_cast<std::int64_t>(series.values.size())
                   ? kUnknown
                   : series.values[static_cast<std::size_t>(row)];
    }

    // ---- Operators on each row by itself ----

    Step arithmetic(RpnOperator op) {
        switch (op) {
            case RpnOperator::kAdd:
                return binary([](Value a, Value b) { return a + b; });
            case RpnOperator::kSub:
                return binary([](Value a, Value b) { return a - b; });
            case RpnOperator::kMul:
                return binary([](Value a, Value b) { return a * b; });
            case RpnOperator::kDiv:
                return binary([](Value a, Value b) { return a / b; });
            case RpnOperator::kMod:
                return costly_binary([](Value a, Value b) { return std::fmod(a, b); });
            case RpnOperator::kPow:
                return costly_binary([](Value a, Value b) { return std::pow(a, b); });
            case RpnOperator::kAtan2:
                return costly_binary([](Value a, Value b) { return std::atan2(a, b); });
            case RpnOperator::kAddNan:
                return binary([](Value a, Value b) {
                    return is_unknown(a) ? b : is_unknown(b) ? a : a + b;
                });
            case RpnOperator::kMinNan:
                return binary([](Value a, Value b) { return is_unknown(a) || b < a ? b : a; });
            case RpnOperator::kMaxNan:
                return binary([](Value a, Value b) { return is_unknown(a) || b > a ? b : a; });
            case RpnOperator::kMin:
                return binary([](Value a, Value b) { return is_unknown(b) || b < a ? b : a; });
            default:
                return binary([](Value a, Value b) { return is_unknown(b) || b > a ? b : a; });
        }
    }

    template <typename Function>
    Step costly_binary(Function function) {
        if (const auto spent = spend(rows_ * kFunctionCost); !spent) {
            return spent;
        }
        return binary(function);
    }

    Step function(RpnOperator op) {
        if (const auto spent = spend(rows_ * kFunctionCost); !spent) {
            return spent;
        }
        switch (op) {
            case RpnOperator::kSin:
                return unary([](Value a) { return std::sin(a); });
            case RpnOperator::kCos:
                return unary([](Value a) { return std::cos(a); });
            case RpnOperator::kAtan:
                return unary([](Value a) { return std::atan(a); });
            case RpnOperator::kSqrt:
                return unary([](Value a) { return std::sqrt(a); });
            case RpnOperator::kLog:
                return unary([](Value a) { return std::log(a); });
            case RpnOperator::kExp:
                return unary([](Value a) { return std::exp(a); });
            case RpnOperator::kFloor:
                return unary([](Value a) { return std::floor(a); });
            case RpnOperator::kCeil:
                return unary([](Value a) { return std::ceil(a); });
            case RpnOperator::kRound:
                return unary([](Value a) { return std::round(a); });
            case RpnOperator::kAbs:
                return unary([](Value a) { return std::abs(a); });
            case RpnOperator::kRad2Deg:
                return unary([](Value a) { return a * kDegreesPerRadian; });
            default:
                return unary([](Value a) { return a * kRadiansPerDegree; });
        }
    }

    template <typename Function>
    Step compare(Function holds) {
        return binary([holds](Value a, Value b) {
            return is_unknown(a) || is_unknown(b) ? kUnknown : holds(a, b) ? 1.0 : 0.0;
        });
    }

    Step comparison(RpnOperator op) {
        switch (op) {
            case RpnOperator::kLt:
                return compare([](Value a, Value b) { return a < b; });
            case RpnOperator::kLe:
                return compare([](Value a, Value b) { return a <= b; });
            case RpnOperator::kGt:
                return compare([](Value a, Value b) { return a > b; });
            case RpnOperator::kGe:
                return compare([](Value a, Value b) { return a >= b; });
            case RpnOperator::kEq:
                return compare([](Value a, Value b) { return a == b; });
            case RpnOperator::kNe:
                return compare([](Value a, Value b) { return a != b; });
            case RpnOperator::kUn:
                return unary([](Value a) { return is_unknown(a) ? 1.0 : 0.0; });
            case RpnOperator::kIsInf:
                return unary([](Value a) { return std::isinf(a) ? 1.0 : 0.0; });
            case RpnOperator::kIf:
                return ternary([](Value condition, Value yes, Value no) {
                    return condition == 0 || is_unknown(condition) ? no : yes;
                });
            default:
                return ternary([](Value value, Value low, Value high) {
                    return value >= low && value <= high ? value : kUnknown;
                });
        }
    }

    // ---- Operators on the stack ----

    Step rearrange(RpnOperator op) {
        switch (op) {
            case RpnOperator::kDup:
                return copy_from(0);
            case RpnOperator::kPop:
                --depth_;
                return {};
            case RpnOperator::kExc:
                std::swap_ranges(top(), top() + rows_, top(1));
                return {};
            case RpnOperator::kDepth:
                return push_constant(static_cast<Value>(depth_));
            case RpnOperator::kRoll:
                return roll();
            default:
                return rearrange_counted(op);
        }
    }

    Step rearrange_counted(RpnOperator op) {
        const auto count = pop_count();
        if (!count) {
            return std::unexpected(count.error());
        }
        switch (op) {
            case RpnOperator::kCopy:
                return copy_top(*count);
            case RpnOperator::kIndex:
                return *count == 0 ? underflow() : copy_from(*count - 1);
            case RpnOperator::kSort:
                return for_each_set(*count, sort_values);
            default:
                for (std::size_t i = 0; i < *count / 2; ++i) {
                    std::swap_ranges(top(i), top(i) + rows_, top(*count - 1 - i));
                }
                return {};
        }
    }

    // A count from the top: not more than lies below it.
    Result<std::size_t> pop_count() {
        const Value count = *top();
        --depth_;
        if (!(count >= 0 && count < static_cast<Value>(depth_) + 1)) {
            return underflow();
        }
        return static_cast<std::size_t>(count);
    }

    Step copy_from(std::size_t below) {
        if (const auto grown = grow(1); !grown) {
            return grown;
        }
        std::copy_n(top(below + 1), rows_, top());
        return {};
    }

    Step copy_top(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (const auto copied = copy_from(count - 1); !copied) {
                return copied;
            }
        }
        return spend(count * rows_);
    }

    // n,m,ROLL: the top n are rotated by m, towards the top when m > 0.
    Step roll() {
        const Value by = *top();
        --depth_;
        const auto count = pop_count();
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
        const auto towards_top = static_cast<std::size_t>(turned < 0 ? turned + size : turned);
        Value* const first = top(*count - 1);
        Value* const last = first + *count * block_rows_;
        std::rotate(first, last - static_cast<std::ptrdiff_t>(towards_top * block_rows_), last);
        return spend(*count * rows_);
    }

    // ---- Operators on sets ----

    // Calls `change` with the top `count` values of each row, deepest first.
    template <typename Function>
    Step for_each_set(std::size_t count, Function change) {
        if (const auto spent = spend(rows_ * count * kFunctionCost); !spent) {
            return spent;
        }
        set_.resize(count);
        Value* const first = column(depth_ - count);
        for (std::size_t row = 0; row < rows_; ++row) {
            for (std::size_t i = 0; i < count; ++i) {
                set_[i] = first[i * block_rows_ + row];
            }
            change(std::span(set_));
            for (std::size_t i = 0; i < count; ++i) {
                first[i * block_rows_ + row] = set_[i];
            }
        }
        return {};
    }

    // Replaces the top `count` columns by what `value_of` makes of them; by unknown for none.
    template <typename Function>
    Step reduce_top(std::size_t count, Function value_of) {
        if (count == 0) {
            return push_constant(kUnknown);
        }
        const auto done =
            for_each_set(count, [&](std::span<Value> set) { set[0] = value_of(set); });
        depth_ -= count - 1;
        return done;
    }

    Step reduce_set(RpnOperator op) {
        const auto count = pop_count();
        if (!count) {
            return std::unexpected(count.error());
        }
        switch (op) {
            case RpnOperator::kAvg:
                return reduce_top(*count, mean_known);
            case RpnOperator::kSmin:
                return reduce_top(*count, smallest_known);
            case RpnOperator::kSmax:
                return reduce_top(*count, largest_known);
            case RpnOperator::kMedian:
                return reduce_top(*count, median_known);
            case RpnOperator::kStdev:
                return reduce_top(*count, sample_deviation);
            default:
                return reduce_percentile(*count);
        }
    }

    // The percentage lies on top of the set, and may differ from row to row.
    Step reduce_percentile(std::size_t count) {
        if (depth_ < count + 1 || count == 0) {
            return underflow();
        }
        for (std::size_t row = 0; row < rows_; ++row) {
            if (!(top()[row] >= 0 && top()[row] <= 100)) {
                return fail(ErrorCode::kInvalid, "percentile argument must be between 0 and 100");
            }
        }
        return reduce_top(count + 1, [](std::span<Value> set) {
            return percentile(set.first(set.size() - 1), set.back());
        });
    }

    // ---- Operators on a variable's past ----

    // The series named by the node `distance` before `index`; none when that is no series.
    [[nodiscard]] const SeriesView* series_before(std::size_t index, std::size_t distance) const {
        if (index < distance || program_.nodes[index - distance].op != RpnOperator::kVariable) {
            return nullptr;
        }
        return std::get_if<SeriesView>(&operands_[program_.nodes[index - distance].variable]);
    }

    // A duration in rows of a step, a part of one counted as one.
    static std::int64_t rows_of(Value duration, Seconds step) {
        const Value rows = std::ceil(duration / static_cast<Value>(step.count()));
        return is_unknown(rows) ? 0
                                : static_cast<std::int64_t>(std::clamp(rows, 0.0, kWindowRowsMax));
    }

    // v,duration,TREND
    Step trend(std::size_t index) {
        const SeriesView* const series = series_before(index, 2);
        if (series == nullptr) {
            return fail(ErrorCode::kInvalid, "malformed trend arguments");
        }
        const bool skip_unknown = program_.nodes[index].op == RpnOperator::kTrendNan;
        Value* const out = top(1);
        for (std::size_t row = 0; row < rows_; ++row) {
            const std::int64_t length = rows_of(top()[row], series->step);
            const std::int64_t at = row_index(*series, time_of(row));
            if (length == 0 || length > at + 1) {
                out[row] = kUnknown;
                continue;
            }
            if (const auto spent = spend(static_cast<std::uint64_t>(length)); !spent) {
                return spent;
            }
            out[row] = trailing_mean(series->values, static_cast<std::size_t>(at),
                                     static_cast<std::size_t>(length), skip_unknown);
        }
        --depth_;
        return {};
    }

    // shifts...,n,window,v,PREDICT and shifts...,n,window,percent,v,PREDICTPERC
    Step predict(std::size_t index) {
        const RpnOperator op = program_.nodes[index].op;
        const SeriesView* const series = series_before(index, 1);
        if (series == nullptr) {
            return fail(ErrorCode::kInvalid, "malformed predict arguments");
        }
        const std::size_t arguments = op == RpnOperator::kPredictPercent ? 4 : 3;
        const Value count = std::trunc(*top(arguments - 1));
        const std::size_t shift_columns =
            count < 0 ? 1 : static_cast<std::size_t>(std::clamp(count, 0.0, 1e6));
        if (is_unknown(count) || std::abs(count) > static_cast<Value>(kShiftsMax) ||
            depth_ < arguments + shift_columns) {
            return underflow();
        }
        if (shift_columns == 0) {
            return fail(ErrorCode::kInvalid, "PREDICT needs at least one shift");
        }
        Value* const out = top(arguments + shift_columns - 1);
        for (std::size_t row = 0; row < rows_; ++row) {
            const auto predicted = predict_row(op, *series, row, count, arguments);
            if (!predicted) {
                return std::unexpected(predicted.error());
            }
            out[row] = *predicted;
        }
        depth_ -= arguments + shift_columns - 1;
        return {};
    }

    Result<Value> predict_row(RpnOperator op, const SeriesView& series, std::size_t row,
                              Value count, std::size_t arguments) {
        const bool of_percent = op == RpnOperator::kPredictPercent;
        const std::int64_t length = rows_of(top(of_percent ? 2 : 1)[row], series.step);
        shifts_.clear();
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(std::abs(count)); ++i) {
            const Value shift = count < 0 ? static_cast<Value>(i) * top(arguments)[row]
                                          : top(arguments + static_cast<std::size_t>(i))[row];
            if (!(shift >= 0)) {
                return fail(ErrorCode::kInvalid,
                            fmt::format("negative shift step not allowed: {}", shift));
            }
            shifts_.push_back(rows_of(shift, series.step));
        }
        const std::uint64_t window = static_cast<std::uint64_t>(std::min<std::int64_t>(
                                         length, static_cast<std::int64_t>(series.values.size()))) +
                                     1;
        if (const auto spent = spend(window * shifts_.size()); !spent) {
            return std::unexpected(spent.error());
        }
        collect_shifted(series.values, row_index(series, time_of(row)), shifts_, length, set_);
        if (op == RpnOperator::kPredict) {
            return mean_known(set_);
        }
        return of_percent ? shifted_percentile(set_, top(1)[row]) : sample_deviation(set_);
    }

    static constexpr std::size_t kShiftsMax = 1000;

    const RpnProgram& program_;
    std::span<const RpnOperand> operands_;
    const RpnGrid& grid_;
    Time now_;
    const store::TimeZone& zone_;
    WorkBudget& budget_;
    std::size_t block_rows_;
    std::vector<Value> results_;
    std::vector<Value> stack_;
    std::size_t depth_ = 0;
    std::size_t first_ = 0;  // the block: rows [first_, first_ + rows_)
    std::size_t rows_ = 0;
    std::vector<Value> set_;
    std::vector<std::int64_t> shifts_;
};

}  // namespace

Result<std::vector<Value>> evaluate_rpn(const RpnProgram& program,
                                        std::span<const RpnOperand> operands, const RpnGrid& grid,
                                        Time now, const store::TimeZone& zone, WorkBudget& budget) {
    return Machine(program, operands, grid, now, zone, budget).run();
}

}  // namespace kurabe::render
