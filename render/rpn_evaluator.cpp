// What a program reads (variables, times, its own past) stands here; operators on the stack alone
// stand in rpn_elementwise.cpp and rpn_stack_operators.cpp.
#include "render/rpn_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "render/rpn_columns.hpp"
#include "render/rpn_operators.hpp"
#include "render/rpn_windows.hpp"
#include "store/integer.hpp"
#include "store/value_sets.hpp"

namespace kurabe::render {

namespace {

using store::is_unknown;
using store::kUnknown;
using store::Seconds;
using store::Time;

// Columns of this many rows stay in the processor's first cache.
constexpr std::size_t kBlockRows = 256;
// Elementary operations that running one node costs, whatever the number of rows.
constexpr std::uint64_t kNodeCost = 16;
constexpr std::uint64_t kCalendarCost = 64;
constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kDaysPerWeek = 7;
constexpr std::int64_t kEpochWeekday = 4;  // 1970-01-01 was a Thursday; weeks start on Sunday
// A duration in rows is never more than this.
constexpr double kWindowRowsMax = 1e9;
constexpr double kShiftsMax = 1000;

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
          columns_(block_rows_),
          results_(grid.rows) {}

    Result<std::vector<Value>> run() {
        for (first_ = 0; first_ < grid_.rows; first_ += block_rows_) {
            columns_.start_block(std::min(block_rows_, grid_.rows - first_));
            if (const auto done = run_block(); !done) {
                return std::unexpected(done.error());
            }
        }
        return std::move(results_);
    }

  private:
    using Step = Result<void>;

    Step run_block() {
        for (std::size_t node = 0; node < program_.nodes.size(); ++node) {
            if (const auto done = run_node(node); !done) {
                return done;
            }
        }
        if (columns_.depth() != 1) {
            return fail(ErrorCode::kInvalid, "RPN final stack size != 1");
        }
        std::copy_n(columns_.top(), columns_.rows(),
                    results_.begin() + static_cast<std::ptrdiff_t>(first_));
        return {};
    }

    Step run_node(std::size_t index) {
        const RpnNode& node = program_.nodes[index];
        if (columns_.depth() < operands_of(node.op)) {
            return rpn_underflow();
        }
        if (const auto spent = spend(kNodeCost + columns_.rows()); !spent) {
            return spent;
        }
        if (node.op < RpnOperator::kAdd) {
            return push(node);
        }
        if (node.op <= RpnOperator::kLimit) {
            return apply_elementwise(node.op, columns_, budget_);
        }
        if (node.op <= RpnOperator::kPercent) {
            return apply_to_stack(node.op, columns_, budget_);
        }
        if (node.op <= RpnOperator::kTrendNan) {
            return trend(index);
        }
        return predict(index);
    }

    Step spend(std::uint64_t cost) { return budget_.spend(cost); }

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

    Step push_constant(Value value) {
        return columns_.push_each([value](std::size_t) { return value; });
    }

    Step push_time(RpnOperator op) {
        switch (op) {
            case RpnOperator::kNow:
                return push_constant(static_cast<Value>(now_.time_since_epoch().count()));
            case RpnOperator::kStepWidth:
                return push_constant(static_cast<Value>(grid_.step.count()));
            case RpnOperator::kCount:
                return columns_.push_each(
                    [this](std::size_t row) { return static_cast<Value>(first_ + row + 1); });
            case RpnOperator::kTime:
                return columns_.push_each([this](std::size_t row) {
                    return static_cast<Value>(time_of(row).time_since_epoch().count());
                });
            default:
                break;
        }
        if (const auto spent = spend(columns_.rows() * kCalendarCost); !spent) {
            return spent;
        }
        if (op == RpnOperator::kLocalTime) {
            return columns_.push_each([this](std::size_t row) {
                return static_cast<Value>(local_seconds(time_of(row)));
            });
        }
        return columns_.push_each(
            [this, op](std::size_t row) { return begins_period(op, time_of(row)) ? 1.0 : 0.0; });
    }

    [[nodiscard]] std::int64_t local_seconds(Time time) const {
        return (time + zone_.utc_offset(time)).time_since_epoch().count();
    }

    // Whether the local day, week, month or year of `time` is another than one step before.
    [[nodiscard]] bool begins_period(RpnOperator op, Time time) const {
        const Time before = time - grid_.step;
        if (op == RpnOperator::kNewDay || op == RpnOperator::kNewWeek) {
            const std::int64_t day = store::floor_divide(local_seconds(time), kSecondsPerDay);
            const std::int64_t day_before =
                store::floor_divide(local_seconds(before), kSecondsPerDay);
            return op == RpnOperator::kNewDay
                       ? day != day_before
                       : store::floor_divide(day + kEpochWeekday, kDaysPerWeek) !=
                             store::floor_divide(day_before + kEpochWeekday, kDaysPerWeek);
        }
        const store::CalendarTime now = zone_.to_calendar(time);
        const store::CalendarTime then = zone_.to_calendar(before);
        return now.year != then.year || (op == RpnOperator::kNewMonth && now.month != then.month);
    }

    // The value of every row, or of the variable's own row before that one. A VDEF has no past.
    Step push_variable(std::uint32_t variable, std::size_t back) {
        if (const Value* const number = std::get_if<Value>(&operands_[variable])) {
            return push_constant(*number);
        }
        const auto& series = std::get<SeriesView>(operands_[variable]);
        const auto rows_back = static_cast<std::int64_t>(back);
        if (series.step != grid_.step) {
            return columns_.push_each([&](std::size_t row) {
                return first_ + row < back
                           ? kUnknown
                           : value_at(series, row_index(series, time_of(row)) - rows_back);
            });
        }
        return push_run(series, row_index(series, time_of(0)) - rows_back,
                        first_ < back ? back - first_ : 0);
    }

    // Rows of the same step: a copy, with unknown ones before the series and after it.
    Step push_run(const SeriesView& series, std::int64_t offset, std::size_t unknown_rows) {
        if (const auto grown = columns_.grow(); !grown) {
            return grown;
        }
        const auto rows = static_cast<std::int64_t>(columns_.rows());
        const auto size = static_cast<std::int64_t>(series.values.size());
        const std::int64_t begin =
            std::clamp(-offset, static_cast<std::int64_t>(unknown_rows), rows);
        const std::int64_t end = std::clamp(size - offset, begin, rows);
        Value* const out = columns_.top();
        std::fill(out, out + begin, kUnknown);
        if (end > begin) {
            std::copy_n(series.values.begin() + (offset + begin), end - begin, out + begin);
        }
        std::fill(out + end, out + rows, kUnknown);
        return {};
    }

    // Of the interval that holds the second before `time`.
    static std::int64_t row_index(const SeriesView& series, Time time) {
        return store::floor_divide((time - series.start).count() - 1, series.step.count());
    }

    static Value value_at(const SeriesView& series, std::int64_t row) {
        return row < 0 || row >= static_cast<std::int64_t>(series.values.size())
                   ? kUnknown
                   : series.values[static_cast<std::size_t>(row)];
    }

    // ---- Operators on a variable's past ----

    // The series named by the node `distance` before `index`; none when that is no series.
    [[nodiscard]] const SeriesView* series_before(std::size_t index, std::size_t distance) const {
        if (index < distance || program_.nodes[index - distance].op != RpnOperator::kVariable) {
            return nullptr;
        }
        return std::get_if<SeriesView>(&operands_[program_.nodes[index - distance].variable]);
    }

    // How many rows of a series have ended by the end of a row of the grid. rrdtool looks back from
    // there, which is one row less than the row's own value when the series has longer steps.
    [[nodiscard]] std::int64_t rows_ended(const SeriesView& series, std::size_t row) const {
        return store::floor_divide((time_of(row) - series.start).count(), series.step.count());
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
        Value* const out = columns_.top(1);
        for (std::size_t row = 0; row < columns_.rows(); ++row) {
            const std::int64_t length =
                std::max<std::int64_t>(rows_of(columns_.top()[row], series->step), 1);
            const std::int64_t ended = rows_ended(*series, row);
            if (length > std::min(ended, static_cast<std::int64_t>(first_ + row + 1))) {
                out[row] = kUnknown;
                continue;
            }
            if (const auto spent = spend(static_cast<std::uint64_t>(length)); !spent) {
                return spent;
            }
            out[row] = trailing_mean(series->values, static_cast<std::size_t>(ended - 1),
                                     static_cast<std::size_t>(length), skip_unknown);
        }
        columns_.drop(1);
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
        const Value count = std::trunc(*columns_.top(arguments - 1));
        if (!(std::abs(count) <= kShiftsMax)) {
            return rpn_underflow();
        }
        const std::size_t shift_columns = count < 0 ? 1 : static_cast<std::size_t>(count);
        if (columns_.depth() < arguments + shift_columns) {
            return rpn_underflow();
        }
        if (shift_columns == 0) {
            return fail(ErrorCode::kInvalid, "PREDICT needs at least one shift");
        }
        Value* const out = columns_.top(arguments + shift_columns - 1);
        for (std::size_t row = 0; row < columns_.rows(); ++row) {
            const auto predicted = predict_row(op, *series, row, count, arguments);
            if (!predicted) {
                return std::unexpected(predicted.error());
            }
            out[row] = *predicted;
        }
        columns_.drop(arguments + shift_columns - 1);
        return {};
    }

    Result<Value> predict_row(RpnOperator op, const SeriesView& series, std::size_t row,
                              Value count, std::size_t arguments) {
        const bool of_percent = op == RpnOperator::kPredictPercent;
        const std::int64_t length = rows_of(columns_.top(of_percent ? 2 : 1)[row], series.step);
        shifts_.clear();
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(std::abs(count)); ++i) {
            const Value shift = count < 0
                                    ? static_cast<Value>(i) * columns_.top(arguments)[row]
                                    : columns_.top(arguments + static_cast<std::size_t>(i))[row];
            if (!(shift >= 0)) {
                return fail(ErrorCode::kInvalid,
                            fmt::format("negative shift step not allowed: {}", shift));
            }
            shifts_.push_back(rows_of(shift, series.step));
        }
        const std::uint64_t window = static_cast<std::uint64_t>(std::min<std::int64_t>(
                                         length, static_cast<std::int64_t>(series.values.size()))) +
                                     1;
        const std::uint64_t cost = of_percent ? kSortCost : 1;
        if (const auto spent = spend(window * shifts_.size() * cost); !spent) {
            return std::unexpected(spent.error());
        }
        collect_shifted(series.values,
                        {.origin = rows_ended(series, row),
                         .back_max = static_cast<std::int64_t>(first_ + row),
                         .length = length + 1},
                        shifts_, window_);
        if (op == RpnOperator::kPredict) {
            return store::mean_known(window_);
        }
        return of_percent ? shifted_percentile(window_, columns_.top(1)[row])
                          : store::sample_deviation(window_);
    }

    const RpnProgram& program_;
    std::span<const RpnOperand> operands_;
    const RpnGrid& grid_;
    Time now_;
    const store::TimeZone& zone_;
    WorkBudget& budget_;
    std::size_t block_rows_;
    RpnColumns columns_;
    std::vector<Value> results_;
    std::size_t first_ = 0;  // the first row of the block
    std::vector<Value> window_;
    std::vector<std::int64_t> shifts_;
};

}  // namespace

Result<std::vector<Value>> evaluate_rpn(const RpnProgram& program,
                                        std::span<const RpnOperand> operands, const RpnGrid& grid,
                                        Time now, const store::TimeZone& zone, WorkBudget& budget) {
    return Machine(program, operands, grid, now, zone, budget).run();
}

}  // namespace kurabe::render
