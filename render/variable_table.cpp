// Walks the variables in their order; a SHIFT takes effect for the variables after it, and for all
// that is drawn.
#include "render/variable_table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "render/reduce.hpp"
#include "render/work_budget.hpp"

namespace kurabe::render {

namespace {

// What one fetch brought, for other DEFs that ask for the same.
struct Fetched {
    const DataVariable* variable;
    SeriesView series;
};

bool same_request(const DataVariable& left, const DataVariable& right) {
    return left.reference == right.reference && left.cf == right.cf && left.step == right.step &&
           left.start == right.start && left.end == right.end && left.reduce == right.reduce;
}

std::unexpected<Error> too_many_rows() {
    return fail(ErrorCode::kLimit,
                fmt::format("a series is limited to {} rows and all series of a graph to {}; "
                            "use a shorter range or a larger step",
                            kSeriesRowsMax, kGraphValuesMax));
}

class TableBuilder {
  public:
    TableBuilder(const GraphDefinition& definition, Seconds step, const SeriesSource& source,
                 Time now, const store::TimeZone& zone, WorkBudget& budget)
        : definition_(definition),
          step_(step),
          source_(source),
          now_(now),
          zone_(zone),
          budget_(budget) {}

    Result<VariableTable> build() {
        for (std::size_t i = 0; i < definition_.variables.size(); ++i) {
            apply_shifts(i);
            const auto added = std::visit([this](const auto& variable) { return add(variable); },
                                          definition_.variables[i]);
            if (!added) {
                return std::unexpected(added.error());
            }
        }
        apply_shifts(definition_.variables.size());
        return std::move(table_);
    }

  private:
    using Added = Result<void>;

    // ---- Storage ----

    Result<SeriesView> keep(Time start, Seconds step, std::vector<Value> values) {
        kept_values_ += values.size();
        if (values.size() > kSeriesRowsMax || kept_values_ > kGraphValuesMax) {
            return too_many_rows();
        }
        table_.storage.push_back(std::move(values));
        return SeriesView{start, step, table_.storage.back()};
    }

    static Added with_name(const char* kind, const std::string& name, const Error& error) {
        return fail(error.code, fmt::format("{} {}: {}", kind, name, error.message));
    }

    // ---- DEF ----

    Added add(const DataVariable& variable) {
        const auto same = std::ranges::find_if(fetched_, [&variable](const Fetched& fetched) {
            return same_request(*fetched.variable, variable);
        });
        if (same != fetched_.end()) {
            table_.variables.emplace(variable.name, same->series);
            return {};
        }
        const auto series = fetch(variable);
        if (!series) {
            return std::unexpected(series.error());
        }
        fetched_.push_back({&variable, *series});
        table_.variables.emplace(variable.name, *series);
        return {};
    }

    Result<SeriesView> fetch(const DataVariable& variable) {
        const GraphOptions& options = definition_.options;
        const store::FetchRequest request{.cf = variable.cf,
                                          .start = variable.start.value_or(options.start),
                                          .end = variable.end.value_or(options.end),
                                          .resolution = variable.step.value_or(step_)};
        auto fetched = source_.fetch(variable.reference, request);
        if (!fetched && fetched.error().code == ErrorCode::kNotFound &&
            options.missing_as_unknown) {
            return missing(variable, request);
        }
        if (!fetched) {
            return std::unexpected(fetched.error());
        }
        if (fetched->values.size() > kSeriesRowsMax) {
            return too_many_rows();
        }
        if (const auto spent = budget_.spend(fetched->values.size() * kScanCost); !spent) {
            return std::unexpected(spent.error());
        }
        store::FetchedSeries reduced =
            reduce_rows(std::move(*fetched), std::max(step_, request.resolution), variable.reduce);
        return keep(reduced.start, reduced.step, std::move(reduced.values));
    }

    // Rows that nobody knows, over the range that was asked for; when nothing says how long they
    // are and a pixel is shorter than a second, a hundred of them, as rrdtool has it.
    Result<SeriesView> missing(const DataVariable& variable, const store::FetchRequest& request) {
        const GraphOptions& options = definition_.options;
        const bool any_step = variable.step || options.step > Seconds{0} ||
                              options.end - options.start >= Seconds{options.width_px};
        const Seconds step = any_step ? request.resolution
                                      : std::max((request.end - request.start) / 100, Seconds{1});
        const Time start{request.start.time_since_epoch() / step * step};
        const std::int64_t rows = (request.end - start) / step + 1;
        if (rows > static_cast<std::int64_t>(kSeriesRowsMax)) {
            return too_many_rows();
        }
        return keep(start, step,
                    std::vector<Value>(static_cast<std::size_t>(rows), store::kUnknown));
    }

    // ---- CDEF ----

    Added add(const ComputedVariable& variable) {
        const auto series = compute(variable.program);
        if (!series) {
            return with_name("CDEF", variable.name, series.error());
        }
        table_.variables.emplace(variable.name, *series);
        return {};
    }

    Result<SeriesView> compute(const RpnProgram& program) {
        std::vector<RpnOperand> operands;
        std::vector<const SeriesView*> inputs;
        for (const std::string& name : program.variables) {
            if (const SeriesView* const series = table_.series(name)) {
                inputs.push_back(series);
                operands.emplace_back(*series);
            } else if (const StatisticValue* const statistic = table_.statistic(name)) {
                operands.emplace_back(statistic->value);
            } else {
                return fail(ErrorCode::kInvalid, fmt::format("don't understand '{}'", name));
            }
        }
        if (inputs.empty()) {
            return fail(ErrorCode::kInvalid,
                        "rpn expressions without DEF or CDEF variables are not supported");
        }
        const auto grid = common_grid(inputs);
        if (!grid) {
            return std::unexpected(grid.error());
        }
        auto values = evaluate_rpn(program, operands, *grid, now_, zone_, budget_);
        if (!values) {
            return std::unexpected(values.error());
        }
        return keep(grid->start, grid->step, std::move(*values));
    }

    // ---- VDEF ----

    Added add(const StatisticVariable& variable) {
        const SeriesView* const series = table_.series(variable.series);
        if (series == nullptr) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("variable '{}' not DEF nor CDEF in VDEF '{}'", variable.series,
                                    variable.name));
        }
        const auto spent = budget_.spend(series->values.size() * row_cost(variable.statistic));
        if (!spent) {
            return with_name("VDEF", variable.name, spent.error());
        }
        table_.variables.emplace(
            variable.name, compute_statistic(*series, variable.statistic, variable.parameter));
        return {};
    }

    // ---- SHIFT ----

    void apply_shifts(std::size_t variables_before) {
        for (; next_element_ < definition_.elements.size(); ++next_element_) {
            const auto* const shift =
                std::get_if<ShiftElement>(&definition_.elements[next_element_]);
            if (shift != nullptr && shift->variables_before > variables_before) {
                return;
            }
            if (shift != nullptr) {
                apply(*shift);
            }
        }
    }

    // By an unknown or absurd offset nothing is moved.
    void apply(const ShiftElement& shift) {
        const auto found = table_.variables.find(shift.variable);
        auto* const series =
            found == table_.variables.end() ? nullptr : std::get_if<SeriesView>(&found->second);
        double offset = 0;
        if (const auto* const name = std::get_if<std::string>(&shift.offset)) {
            const StatisticValue* const statistic = table_.statistic(*name);
            offset = statistic == nullptr ? 0 : statistic->value;
        } else {
            offset = std::get<double>(shift.offset);
        }
        if (series != nullptr && offset >= -static_cast<double>(kShiftMax) &&
            offset <= static_cast<double>(kShiftMax)) {
            series->start +=
                Seconds{static_cast<std::int64_t>(offset)} / series->step * series->step;
        }
    }

    const GraphDefinition& definition_;
    Seconds step_;
    const SeriesSource& source_;
    Time now_;
    const store::TimeZone& zone_;
    WorkBudget& budget_;
    VariableTable table_;
    std::vector<Fetched> fetched_;
    std::size_t kept_values_ = 0;
    std::size_t next_element_ = 0;
};

}  // namespace

const SeriesView* VariableTable::series(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : std::get_if<SeriesView>(&found->second);
}

const StatisticValue* VariableTable::statistic(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : std::get_if<StatisticValue>(&found->second);
}

Result<RpnGrid> common_grid(std::span<const SeriesView* const> inputs) {
    Time start = inputs.front()->start;
    Time end = inputs.front()->end();
    Seconds step = inputs.front()->step;
    for (const SeriesView* const series : inputs) {
        start = std::max(start, series->start);
        end = std::min(end, series->end());
        step = Seconds{std::gcd(step.count(), series->step.count())};
    }
    const std::int64_t rows = end > start ? (end - start) / step : 0;
    if (rows > static_cast<std::int64_t>(kSeriesRowsMax)) return too_many_rows();
    return RpnGrid{start, step, static_cast<std::size_t>(rows)};
}

Seconds graph_step(const GraphOptions& options) {
    return std::max({options.step, (options.end - options.start) / options.width_px, Seconds{1}});
}

Result<VariableTable> compute_variables(const GraphDefinition& definition, Seconds step,
                                        const SeriesSource& source, Time now,
                                        const store::TimeZone& zone, WorkBudget& budget) {
    return TableBuilder(definition, step, source, now, zone, budget).build();
}

Result<VariableTable> compute_variables(const GraphDefinition& definition,
                                        const SeriesSource& source, Time now,
                                        const store::TimeZone& zone) {
    WorkBudget budget;
    return compute_variables(definition, graph_step(definition.options), source, now, zone, budget);
}

}  // namespace kurabe::render
