// Elements in their order: columns for what is drawn, one after the other because STACK builds on
// the one before, and texts for what is written.
#include "render/evaluate.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "render/comparison.hpp"
#include "render/legend_text.hpp"
#include "render/print_texts.hpp"
#include "render/scaling.hpp"
#include "render/stack_totals.hpp"
#include "render/variable_table.hpp"
#include "render/work_budget.hpp"

namespace kurabe::render {

namespace {

class ElementEvaluator {
  public:
    // All must outlive this.
    ElementEvaluator(const GraphDefinition& definition, const ColumnTimes& times,
                     const VariableTable& table, Time now, const store::TimeZone& zone)
        : options_(definition.options),
          elements_(definition.elements),
          times_(times),
          table_(table),
          texts_(options_, table, now, zone),
          stack_(times.size(), 0.0) {}

    using Added = Result<void>;

    Added add_all() {
        for (element_ = 0; element_ < elements_.size(); ++element_) {
            const auto added =
                std::visit([this](const auto& one) { return add(one); }, elements_[element_]);
            if (!added) return added;
        }
        return {};
    }

    // For comparisons: a name and its numbers for each of `totals`. Behind all elements.
    Added add_totals(std::span<const StackTotal> totals, std::span<const TotalNumbers> numbers) {
        for (std::size_t i = 0; i < totals.size(); ++i) {
            const std::string name =
                totals.size() > 1 ? fmt::format("Total {}", i + 1) : std::string("Total");
            if (auto added = add_total(name, totals[i], numbers[i]); !added) return added;
        }
        return {};
    }

    // For comparisons.
    void keep_averages() { keeps_averages_ = true; }

    EvaluatedGraph take() { return std::move(graph_); }

  private:
    // ---- Elements ----

    Added add(const LineElement& line) {
        auto columns = columns_of(line.value);
        if (!columns) {
            return std::unexpected(columns.error());
        }
        stack_on(*columns, line.stack);
        graph_.drawn.emplace_back(EvaluatedLine{.columns = std::move(*columns),
                                                .width_px = line.width_px,
                                                .color = line.color,
                                                .skip_scale = line.skip_scale,
                                                .dashes = line.dashes});
        return add_legend(line.legend, {.swatch = line.color,
                                        .swatch_dashes = line.dashes,
                                        .swatch_shape = SwatchShape::kLine,
                                        .swatch_width_px = line.width_px,
                                        .average = kept_average(line.value)});
    }

    Added add(const AreaElement& area) {
        auto columns = columns_of(area.value);
        if (!columns) {
            return std::unexpected(columns.error());
        }
        Columns base = area.stack ? stack_ : Columns();
        stack_on(*columns, area.stack);
        graph_.drawn.emplace_back(EvaluatedArea{.columns = std::move(*columns),
                                                .base = std::move(base),
                                                .color = area.color,
                                                .skip_scale = area.skip_scale,
                                                .gradient = area.gradient});
        return add_legend(area.legend, {.swatch = area.color, .average = kept_average(area.value)});
    }

    Added add(const TickElement& tick) {
        auto columns = columns_of(tick.value);
        if (!columns) {
            return std::unexpected(columns.error());
        }
        note_known(*columns);
        graph_.drawn.emplace_back(EvaluatedTick{
            .columns = std::move(*columns), .color = tick.color, .fraction = tick.fraction});
        return add_legend(tick.legend, {.swatch = tick.color, .is_of_tick = true});
    }

    Added add(const HorizontalRuleElement& rule) {
        Value value = store::kUnknown;
        if (const auto* const number = std::get_if<double>(&rule.value)) {
            value = *number;
        } else if (const auto* const statistic = statistic_of(rule.value)) {
            value = statistic->value;
        } else {
            return no_such_statistic(rule.value);
        }
        if (!store::is_unknown(value)) {
            graph_.drawn.emplace_back(EvaluatedHorizontalRule{value, rule.color, rule.dashes});
        }
        if (is_beyond_limits(value) && !options_.force_rules_legend) return {};
        return add_legend(rule.legend, {.swatch = rule.color,
                                        .swatch_dashes = rule.dashes,
                                        .swatch_shape = SwatchShape::kLevel});
    }

    Added add(const VerticalRuleElement& rule) {
        Value time = store::kUnknown;
        if (const auto* const number = std::get_if<double>(&rule.time)) {
            time = *number;
        } else if (const auto* const statistic = statistic_of(rule.time)) {
            time = statistic->time ? seconds_of(*statistic->time) : store::kUnknown;
        } else {
            return no_such_statistic(rule.time);
        }
        const bool is_inside =
            time >= seconds_of(options_.start) && time <= seconds_of(options_.end);
        if (is_inside) {
            graph_.drawn.emplace_back(EvaluatedVerticalRule{time, rule.color, rule.dashes});
        } else if (!options_.force_rules_legend) {
            return {};
        }
        return add_legend(rule.legend, {.swatch = rule.color,
                                        .swatch_dashes = rule.dashes,
                                        .swatch_shape = SwatchShape::kUpright});
    }

    Added add(const PrintElement& print) {
        auto text = texts_.text_of(print);
        if (!text) {
            return std::unexpected(text.error());
        }
        if (print.in_graph) {
            return add_legend(*text, {.indent = indent_of(print)});
        }
        graph_.prints.push_back(std::move(*text));
        return {};
    }

    Added add(const CommentElement& comment) {
        return add_legend(comment.text, {.is_comment = true});
    }

    Added add(const TextAlignElement& align) {
        graph_.alignments.push_back({graph_.legend.size(), align.alignment});
        return {};
    }

    static std::size_t indent_of(const PrintElement& print) {
        const std::size_t indent = print.format.find_first_not_of(' ');
        return indent == std::string::npos ? 0 : indent;
    }

    Added add_total(const std::string& name, const StackTotal& total, const TotalNumbers& numbers) {
        const std::size_t name_at = graph_.legend.size();
        const auto like = std::ranges::find(graph_.legend, total.like, &LegendEntry::element);
        LegendEntry entry{.average = numbers.average, .total = TotalText{.name_of = total.lowest}};
        entry.total->as_wide_as = static_cast<std::size_t>(like - graph_.legend.begin());
        if (auto added = add_legend(name, std::move(entry)); !added) return added;
        for (std::size_t i = 0; i < total.prints.size(); ++i) {
            ++element_;
            const PrintElement& print = total.prints[i].print;
            const auto text = texts_.text_of(print, numbers.prints[i]);
            if (!text) return std::unexpected(text.error());
            auto added = add_legend(*text, {.indent = indent_of(print), .total = TotalText{}});
            if (!added) return added;
        }
        ++element_;
        keep_in_lines(std::span(graph_.legend).subspan(name_at));
        return {};
    }

    // Lines of a total end with it, and none stands over another.
    static void keep_in_lines(std::span<LegendEntry> entries) {
        for (LegendEntry& entry : entries) {
            const bool moves_up =
                entry.control == LegendControl::kUp || entry.control == LegendControl::kSpace;
            if (moves_up) entry.control = LegendControl::kLeft;
        }
        LegendControl& last = entries.back().control;
        const bool ends_line = last == LegendControl::kLeft || last == LegendControl::kRight ||
                               last == LegendControl::kCenter || last == LegendControl::kJustify;
        if (!ends_line) last = LegendControl::kLeft;
    }

    // Applied to the variables already.
    Added add(const ShiftElement&) { return {}; }

    Added add(const ExportElement&) { return {}; }

    static Value seconds_of(Time time) {
        return static_cast<Value>(time.time_since_epoch().count());
    }

    // ---- Columns ----

    Result<Columns> columns_of(const ValueReference& reference) {
        const std::size_t width = times_.size();
        if (const auto* const number = std::get_if<double>(&reference)) {
            return Columns(width, *number);
        }
        const std::string& name = std::get<std::string>(reference);
        if (const StatisticValue* const statistic = table_.statistic(name)) {
            return Columns(width, statistic->value);
        }
        if (const SeriesView* const series = table_.series(name)) {
            return sample(*series);
        }
        return fail(ErrorCode::kInvalid, fmt::format("{} is not a vname nor a number", name));
    }

    // The value of the row that begins at or before each column's left edge.
    [[nodiscard]] Columns sample(const SeriesView& series) {
        const std::vector<std::size_t>& rows = rows_of_columns(series.start, series.step);
        Columns columns(rows.size());
        const std::span<const Value> values = series.values;
        std::ranges::transform(rows, columns.begin(), [values](std::size_t row) {
            return row < values.size() ? values.data()[row] : store::kUnknown;
        });
        return columns;
    }

    // The row of each column for series of that grid, most of which have one; kNoRow before it.
    [[nodiscard]] const std::vector<std::size_t>& rows_of_columns(Time start, Seconds step) {
        auto& rows = rows_of_columns_[{start, step}];
        if (!rows.empty()) return rows;
        for (const std::optional<Time>& time : times_) {
            rows.push_back(
                !time || *time < start ? kNoRow : static_cast<std::size_t>((*time - start) / step));
        }
        return rows;
    }

    // Turns values into heights; an unknown one leaves the height of the layers below for the next.
    void stack_on(Columns& columns, bool on_top) {
        if (!on_top) {
            std::ranges::fill(stack_, 0.0);
        }
        Value* below = stack_.data();
        for (Value& value : columns) {
            const bool is_known = !store::is_unknown(value);
            value += *below;
            *below = is_known ? value : *below;
            ++below;
        }
        note_known(columns);
    }

    void note_known(const Columns& columns) {
        graph_.any_known = graph_.any_known || !std::ranges::all_of(columns, store::is_unknown);
    }

    // ---- Numbers at one place ----

    // Whether rrdtool leaves out a rule's legend: it asks for the limits that were given, not for
    // the scale that comes of them.
    [[nodiscard]] bool is_beyond_limits(Value value) const {
        return (options_.lower_limit && value < *options_.lower_limit) ||
               (options_.upper_limit && value > *options_.upper_limit);
    }

    [[nodiscard]] const StatisticValue* statistic_of(const ValueReference& reference) const {
        return table_.statistic(std::get<std::string>(reference));
    }

    static std::unexpected<Error> no_such_statistic(const ValueReference& reference) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} is not a VDEF nor a number", std::get<std::string>(reference)));
    }

    // ---- Texts ----

    // `look` is an entry without a text.
    Added add_legend(const std::string& text, LegendEntry look = {}) {
        if (text.empty()) {
            return {};
        }
        auto parsed = parse_legend_text(text);
        if (!parsed) {
            return std::unexpected(parsed.error());
        }
        look.text = std::move(parsed->text);
        look.control = parsed->control;
        look.element = element_;
        graph_.legend.push_back(std::move(look));
        return {};
    }

    // For comparisons: what the legend's text is about, on average. Of a number there is nothing to
    // compare.
    [[nodiscard]] std::optional<Value> kept_average(const ValueReference& reference) {
        if (!keeps_averages_ || std::holds_alternative<double>(reference)) return std::nullopt;
        return average_of(reference);
    }

    // Of a series what a GPRINT of its AVERAGE prints.
    [[nodiscard]] Value average_of(const ValueReference& reference) {
        if (const auto* const number = std::get_if<double>(&reference)) return *number;
        const std::string& name = std::get<std::string>(reference);
        if (const StatisticValue* const statistic = table_.statistic(name)) {
            return statistic->value;
        }
        const SeriesView* const series = table_.series(name);
        return series == nullptr
                   ? store::kUnknown
                   : texts_.cf_values_of(*series)[static_cast<std::size_t>(Cf::kAverage)];
    }

    static constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

    const GraphOptions& options_;
    const std::vector<Element>& elements_;
    const ColumnTimes& times_;
    const VariableTable& table_;
    PrintTexts texts_;
    bool keeps_averages_ = false;
    std::size_t element_ = 0;  // that is being added

    Columns stack_;  // the height that the next stacked element stands on
    std::map<std::pair<Time, Seconds>, std::vector<std::size_t>> rows_of_columns_;
    EvaluatedGraph graph_;
};

// What values and texts come from besides the definition.
struct EvaluationInputs {
    Seconds step;                    // the shortest row
    bool compares;                   // whether a second range is drawn
    std::vector<StackTotal> totals;  // none without one
    const SeriesSource& source;
    Time now;
    const store::TimeZone& zone;
};

// What a range has in however many columns it is drawn.
struct RangeValues {
    VariableTable variables;
    std::vector<TotalNumbers> totals;
};

Result<RangeValues> values_of(const GraphDefinition& definition, const EvaluationInputs& with) {
    WorkBudget budget;
    auto table = compute_variables(definition, with.step, with.source, with.now, with.zone, budget);
    if (!table) return std::unexpected(table.error());
    auto totals = total_numbers(with.totals, *table, budget);
    if (!totals) return std::unexpected(totals.error());
    return RangeValues{*std::move(table), *std::move(totals)};
}

Result<EvaluatedGraph> evaluate_elements(const GraphDefinition& definition,
                                         const ColumnTimes& times, const RangeValues& values,
                                         const EvaluationInputs& with) {
    ElementEvaluator evaluator(definition, times, values.variables, with.now, with.zone);
    if (with.compares) evaluator.keep_averages();
    if (const auto added = evaluator.add_all(); !added) return std::unexpected(added.error());
    const auto added = evaluator.add_totals(with.totals, values.totals);
    if (!added) return std::unexpected(added.error());
    return evaluator.take();
}

// The range that a graph's own is compared with, and the values of its variables.
class SecondRange {
  public:
    // `first` and `with` must outlive the result.
    static Result<SecondRange> compute(const GraphDefinition& first, const EvaluationInputs& with) {
        SecondRange range(first, with);
        auto values = values_of(range.definition_, with);
        if (!values) return range.in_second_range(values.error());
        range.values_ = *std::move(values);
        return range;
    }

    Result<void> compare_with(EvaluatedGraph& graph, const ColumnTimes& columns) const {
        auto second = evaluate_elements(definition_, times_below(columns, times_), values_, *with_);
        if (!second) return in_second_range(second.error());
        if (first_->options.comparison->is_drawn) {
            compare(*first_, times_, with_->zone, *second, graph);
        } else {
            graph.unseen = std::move(second->drawn);
        }
        return {};
    }

  private:
    SecondRange(const GraphDefinition& first, const EvaluationInputs& with)
        : first_(&first),
          with_(&with),
          times_(first.options.start, first.options.end, *first.options.comparison, with.zone),
          definition_(definition_of_second(first, times_)) {}

    [[nodiscard]] std::unexpected<Error> in_second_range(const Error& error) const {
        const bool is_drawn = first_->options.comparison->is_drawn;
        return fail(error.code,
                    (is_drawn ? "in the compared range: " : "in the range of --scale-with: ") +
                        error.message);
    }

    const GraphDefinition* first_;
    const EvaluationInputs* with_;
    ComparedTimes times_;
    GraphDefinition definition_;
    RangeValues values_;
};

}  // namespace

Result<EvaluatedGraph> evaluate(const GraphDefinition& definition, const SeriesSource& source,
                                Time now, const store::TimeZone& callers_zone,
                                const PlotWidth& plot_width) {
    const GraphOptions& options = definition.options;
    const store::TimeZone zone = options.zone.value_or(callers_zone);
    // As in rrdtool, rows are as long as the width of a full-size picture asks for; and as long in
    // both ranges, so that they are as fine where one is an hour longer.
    const bool compares = options.comparison && options.comparison->is_drawn;
    const EvaluationInputs with{
        .step = graph_step(options),
        .compares = compares,
        .totals = compares ? stack_totals(definition) : std::vector<StackTotal>(),
        .source = source,
        .now = now,
        .zone = zone};
    const auto values = values_of(definition, with);
    if (!values) return std::unexpected(values.error());
    std::optional<SecondRange> second;
    if (options.comparison) {
        auto computed = SecondRange::compute(definition, with);
        if (!computed) return std::unexpected(computed.error());
        second.emplace(*std::move(computed));
    }
    const auto evaluate_in = [&](int columns) -> Result<EvaluatedGraph> {
        const ColumnTimes times = column_times(options, columns);
        auto graph = evaluate_elements(definition, times, *values, with);
        if (!graph || !second) return graph;
        const auto compared = second->compare_with(*graph, times);
        if (!compared) return std::unexpected(compared.error());
        return graph;
    };
    auto graph = evaluate_in(options.width_px);
    int columns = options.width_px;
    if (graph && options.full_size_mode && plot_width) {
        columns = plot_width(*graph);
        if (columns != options.width_px) graph = evaluate_in(columns);
    }
    // Once more for what is drawn only: numbers and scales are the same at any zoom.
    const int sharp_columns = drawn_columns(options, columns);
    if (!graph || sharp_columns == columns) return graph;
    if (!with.compares) second.reset();
    auto sharp = evaluate_in(sharp_columns);
    if (!sharp) return std::unexpected(sharp.error());
    graph->sharp = std::move(sharp->drawn);
    graph->sharp_comparison = std::move(sharp->comparison);
    return graph;
}

}  // namespace kurabe::render
