// Looks for what is printed of each stack, and adds up the rows of its layers.
#include "render/stack_totals.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "render/series_view.hpp"
#include "render/stacks.hpp"

namespace kurabe::render {

namespace {

const StatisticVariable* statistic_named(const GraphDefinition& definition,
                                         const std::string& name) {
    for (const Variable& variable : definition.variables) {
        const auto* const statistic = std::get_if<StatisticVariable>(&variable);
        if (statistic != nullptr && statistic->name == name) return statistic;
    }
    return nullptr;
}

// What a GPRINT shows of the series of that name. A VDEF that is a layer itself is no series: its
// GPRINT has no CF.
std::optional<TotalPrint> print_of(const GraphDefinition& definition, const PrintElement& print,
                                   const std::string& series) {
    const StatisticVariable* const statistic = statistic_named(definition, print.variable);
    if (statistic != nullptr && statistic->series == series) return TotalPrint{print, *statistic};
    const bool is_time = print.kind == PrintKind::kTimeOfStatistic;
    if (print.variable == series && print.cf && !is_time) return TotalPrint{print, *print.cf};
    return std::nullopt;
}

bool is_drawn_element(const Element& element) {
    return std::holds_alternative<LineElement>(element) ||
           std::holds_alternative<AreaElement>(element) ||
           std::holds_alternative<TickElement>(element) ||
           std::holds_alternative<HorizontalRuleElement>(element) ||
           std::holds_alternative<VerticalRuleElement>(element);
}

// The GPRINTs about the layer's own variable that follow it, until something else is drawn.
std::vector<TotalPrint> prints_behind(const GraphDefinition& definition, const StackLayer& layer) {
    std::vector<TotalPrint> prints;
    const auto* const variable = std::get_if<std::string>(layer.value);
    if (variable == nullptr) return prints;
    for (std::size_t i = layer.element + 1;
         i < definition.elements.size() && prints.size() < kTotalPrintsMax; ++i) {
        const Element& element = definition.elements[i];
        if (is_drawn_element(element)) break;
        const auto* const print = std::get_if<PrintElement>(&element);
        if (print == nullptr || !print->in_graph) continue;
        if (auto found = print_of(definition, *print, *variable)) {
            prints.push_back(*std::move(found));
        }
    }
    return prints;
}

// A constant or a VDEF: it has no rows.
bool is_number(const GraphDefinition& definition, const ValueReference& value) {
    const auto* const name = std::get_if<std::string>(&value);
    return name == nullptr || statistic_named(definition, *name) != nullptr;
}

TotalPrint average_print() {
    return {.print = {.variable = {}, .cf = Cf::kAverage, .format = "%8.2lf%s"},
            .number = Cf::kAverage};
}

std::optional<StackTotal> total_of(const GraphDefinition& definition, const Stack& stack) {
    if (stack.size() == 1 || std::ranges::none_of(stack, &StackLayer::is_drawn)) return {};
    StackTotal total{.layers = {}, .lowest = stack.front().element, .like = 0, .prints = {}};
    const StackLayer* highest = nullptr;
    bool is_constant = true;
    for (const StackLayer& layer : stack) {
        total.layers.push_back(*layer.value);
        is_constant = is_constant && is_number(definition, *layer.value);
        if (!layer.has_legend) continue;
        auto prints = prints_behind(definition, layer);
        if (highest != nullptr && prints.empty() && !total.prints.empty()) continue;
        highest = &layer;
        total.prints = std::move(prints);
    }
    if (highest == nullptr || is_constant) return {};
    total.like = highest->element;
    if (total.prints.empty()) total.prints.push_back(average_print());
    return total;
}

struct TotalSeries {
    Time start;
    Seconds step{1};
    std::vector<Value> values;  // known where any layer is

    [[nodiscard]] SeriesView view() const { return {start, step, values}; }  // not of a temporary
};

void add(Value height, Value& sum) {
    if (store::is_unknown(height)) return;
    sum = store::is_unknown(sum) ? height : sum + height;
}

void add(Value number, TotalSeries& sum) {
    for (Value& value : sum.values) add(number, value);
}

// Of the layer's rows those that a CDEF takes: each that holds the last second of the sum's.
void add(const SeriesView& layer, TotalSeries& sum) {
    const Seconds first = sum.start + sum.step - Seconds{1} - layer.start;
    auto row = static_cast<std::size_t>(first / layer.step);
    Seconds into_row = first % layer.step;
    for (Value& value : sum.values) {
        add(layer.values[row], value);
        into_row += sum.step;
        if (into_row < layer.step) continue;
        into_row -= layer.step;
        ++row;
    }
}

// The rows of a CDEF that adds the layers up with ADDNAN.
Result<TotalSeries> total_series(const StackTotal& total, const VariableTable& table,
                                 WorkBudget& budget) {
    std::vector<const SeriesView*> inputs;
    for (const ValueReference& layer : total.layers) {
        const auto* const name = std::get_if<std::string>(&layer);
        const SeriesView* const series = name == nullptr ? nullptr : table.series(*name);
        if (series != nullptr) inputs.push_back(series);
    }
    if (inputs.empty()) return TotalSeries{};  // of unknown names, which are refused later
    const auto grid = common_grid(inputs);
    if (!grid) return std::unexpected(grid.error());
    const auto spent = budget.spend(grid->rows * total.layers.size() * kScanCost);
    if (!spent) return std::unexpected(spent.error());
    TotalSeries sum{grid->start, grid->step, std::vector<Value>(grid->rows, store::kUnknown)};
    for (const ValueReference& layer : total.layers) {
        if (const auto* const number = std::get_if<double>(&layer)) {
            add(*number, sum);
            continue;
        }
        const auto& name = std::get<std::string>(layer);
        if (const SeriesView* const series = table.series(name)) add(*series, sum);
        if (const StatisticValue* const statistic = table.statistic(name)) {
            add(statistic->value, sum);
        }
    }
    return sum;
}

Result<TotalNumbers> numbers_of(const StackTotal& total, const VariableTable& table,
                                WorkBudget& budget) {
    const auto series = total_series(total, table, budget);
    if (!series) return std::unexpected(series.error());
    const SeriesView sum = series->view();
    if (const auto spent = budget.spend(sum.values.size() * kScanCost); !spent) {
        return std::unexpected(spent.error());
    }
    const CfValues by_cf = cf_values(sum);
    TotalNumbers numbers{.average = by_cf[static_cast<std::size_t>(Cf::kAverage)], .prints = {}};
    for (const TotalPrint& print : total.prints) {
        if (const Cf* const cf = std::get_if<Cf>(&print.number)) {
            numbers.prints.push_back({by_cf[static_cast<std::size_t>(*cf)], {}});
            continue;
        }
        const auto& variable = std::get<StatisticVariable>(print.number);
        const auto spent = budget.spend(sum.values.size() * row_cost(variable.statistic));
        if (!spent) return std::unexpected(spent.error());
        numbers.prints.push_back(compute_statistic(sum, variable.statistic, variable.parameter));
    }
    return numbers;
}

}  // namespace

std::vector<StackTotal> stack_totals(const GraphDefinition& definition) {
    std::vector<StackTotal> totals;
    for (const Stack& stack : stacks_of(definition)) {
        if (totals.size() == kTotalsMax) break;
        if (auto total = total_of(definition, stack)) totals.push_back(*std::move(total));
    }
    return totals;
}

Result<std::vector<TotalNumbers>> total_numbers(std::span<const StackTotal> totals,
                                                const VariableTable& table, WorkBudget& budget) {
    std::vector<TotalNumbers> all;
    for (const StackTotal& total : totals) {
        auto numbers = numbers_of(total, table, budget);
        if (!numbers) {
            return fail(numbers.error().code, "total of a stack: " + numbers.error().message);
        }
        all.push_back(*std::move(numbers));
    }
    return all;
}

}  // namespace kurabe::render
