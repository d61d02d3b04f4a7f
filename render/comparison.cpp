// Pairs what two evaluations of one definition drew and wrote.
#include "render/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "render/stacks.hpp"

namespace kurabe::render {

namespace {

constexpr double kFactorFrom = 10;  // a factor says more than a percentage from here on
constexpr double kFactorMax = 999.5;
constexpr double kWholePercentFrom = 9.95;
constexpr double kPercentMax = 999.5;  // with other signs

bool same_columns(const Columns& left, const Columns& right) {
    return std::ranges::equal(left, right, [](Value one, Value other) {
        return one == other || (store::is_unknown(one) && store::is_unknown(other));
    });
}

// ---- Lines ----

// By StackLayer::number; each line and area has some, whatever its values are.
std::vector<const Columns*> layer_columns(const EvaluatedGraph& graph) {
    std::vector<const Columns*> columns;
    for (const Drawn& drawn : graph.drawn) {
        if (const auto* const line = std::get_if<EvaluatedLine>(&drawn)) {
            columns.push_back(&line->columns);
        } else if (const auto* const area = std::get_if<EvaluatedArea>(&drawn)) {
            columns.push_back(&area->columns);
        }
    }
    return columns;
}

// The height of a stack, where any of its layers is known: each holds those below it.
Columns total_of(const Stack& stack, const std::vector<const Columns*>& columns_of) {
    Columns total = *columns_of[stack.front().number];
    for (const StackLayer& layer : std::span(stack).subspan(1)) {
        const Columns& columns = *columns_of[layer.number];
        for (std::size_t i = 0; i < total.size(); ++i) {
            if (!store::is_unknown(columns[i])) total[i] = columns[i];
        }
    }
    return total;
}

class LineCollector {
  public:
    // All must outlive this.
    LineCollector(const EvaluatedGraph& first, const EvaluatedGraph& second,
                  EvaluatedComparison& comparison)
        : of_first_(layer_columns(first)),
          of_second_(layer_columns(second)),
          lines_(comparison.lines) {}

    void add(const Stack& stack) {
        if (std::ranges::none_of(stack, &StackLayer::is_drawn)) return;
        const StackLayer& lowest = stack.front();
        const bool alone = stack.size() == 1;
        ComparedLine line{
            .kind = !alone           ? ComparedLine::Kind::kTotal
                    : lowest.is_line ? ComparedLine::Kind::kLine
                                     : ComparedLine::Kind::kOutline,
            .columns = total_of(stack, of_second_),
            .width_px = lowest.width_px,
            .color = alone ? *lowest.color : Color{},
            .skip_scale = std::ranges::all_of(stack, &StackLayer::skip_scale),
            .dashed = lowest.dashed,
        };
        if (std::ranges::all_of(line.columns, store::is_unknown)) return;
        if (same_columns(line.columns, total_of(stack, of_first_))) return;
        (alone ? of_element_ : of_stack_)[lowest.element] = keep(std::move(line));
    }

    // The line that shows what an element does; of a total, what its stack does.
    [[nodiscard]] std::optional<std::size_t> of_entry(const LegendEntry& entry) const {
        const bool is_total = entry.total && entry.total->name_of;
        const auto& lines = is_total ? of_stack_ : of_element_;
        const auto found = lines.find(is_total ? *entry.total->name_of : entry.element);
        return found == lines.end() ? std::nullopt : std::optional(found->second);
    }

  private:
    // An area with a line along its edge has one line, an outline in the colour of the latter: a
    // paler one would not be seen on the area.
    std::size_t keep(ComparedLine line) {
        if (!lines_.empty() && same_columns(lines_.back().columns, line.columns)) {
            if (lines_.back().kind == ComparedLine::Kind::kOutline) {
                line.kind = ComparedLine::Kind::kOutline;
            }
            lines_.pop_back();
        }
        lines_.push_back(std::move(line));
        return lines_.size() - 1;
    }

    std::vector<const Columns*> of_first_;
    std::vector<const Columns*> of_second_;
    std::vector<ComparedLine>& lines_;
    std::map<std::size_t, std::size_t> of_element_;
    std::map<std::size_t, std::size_t> of_stack_;  // by their lowest elements
};

// ---- Rules ----

// Numbers are the same in both ranges; what a VDEF says need not be.
std::vector<Drawn> compared_rules(const EvaluatedGraph& first, const EvaluatedGraph& second,
                                  const ComparedTimes& times) {
    std::vector<Drawn> rules;
    const auto drawn_by_first = [&first](const auto& wanted, auto member) {
        return std::ranges::any_of(first.drawn, [&](const Drawn& drawn) {
            const auto* const own = std::get_if<std::decay_t<decltype(wanted)>>(&drawn);
            return own != nullptr && own->*member == wanted.*member;
        });
    };
    for (const Drawn& drawn : second.drawn) {
        if (const auto* const level = std::get_if<EvaluatedHorizontalRule>(&drawn)) {
            if (!drawn_by_first(*level, &EvaluatedHorizontalRule::value)) rules.push_back(*level);
        } else if (const auto* const upright = std::get_if<EvaluatedVerticalRule>(&drawn)) {
            const Time time{Seconds{static_cast<std::int64_t>(upright->time)}};
            const auto above = times.above(time);
            if (!above) continue;
            EvaluatedVerticalRule moved = *upright;
            moved.time = static_cast<Value>(above->time_since_epoch().count());
            if (!drawn_by_first(moved, &EvaluatedVerticalRule::time)) rules.emplace_back(moved);
        }
    }
    return rules;
}

// ---- Legend ----

// All as wide as another, so that what stands behind is in columns.
std::string average_text(const std::optional<Value>& first, const std::optional<Value>& second) {
    const std::string difference =
        difference_text(first.value_or(store::kUnknown), second.value_or(store::kUnknown));
    if (!difference.empty()) return fmt::format("B (A {:>6})", difference);
    return !second || store::is_unknown(*second) ? "B (no data) " : "B           ";
}

bool is_number(const GraphDefinition& definition, const LegendEntry& entry) {
    return entry.total ? !entry.total->name_of
                       : std::holds_alternative<PrintElement>(definition.elements[entry.element]);
}

void compare_legends(const GraphDefinition& definition, const LineCollector& lines,
                     const EvaluatedGraph& second, EvaluatedGraph& first) {
    std::map<std::size_t, const LegendEntry*> of_second;
    for (const LegendEntry& entry : second.legend) of_second[entry.element] = &entry;
    for (LegendEntry& entry : first.legend) {
        const auto found = of_second.find(entry.element);
        if (found == of_second.end()) continue;
        const LegendEntry& other = *found->second;
        if (is_number(definition, entry)) {
            entry.compared = ComparedText{other.text};
        } else if (entry.average) {
            entry.compared =
                ComparedText{average_text(entry.average, other.average), lines.of_entry(entry)};
        }
    }
}

// Of a stack without a legend: its sample stands before the title.
std::optional<std::size_t> total_without_text(const EvaluatedComparison& comparison,
                                              const EvaluatedGraph& graph) {
    for (std::size_t i = 0; i < comparison.lines.size(); ++i) {
        if (comparison.lines[i].kind != ComparedLine::Kind::kTotal) continue;
        const bool has_text = std::ranges::any_of(graph.legend, [i](const LegendEntry& entry) {
            return entry.compared && entry.compared->line == i;
        });
        if (!has_text) return i;
    }
    return std::nullopt;
}

// "B: Thu 2023-11-09 04:00 to Fri 2023-11-10 13:00; % of averages", and shorter ones. None goes
// without what is unusual: another length, no data.
std::vector<std::string> titles_of(const ComparedTimes& times, Seconds length,
                                   const store::TimeZone& zone, bool any_known) {
    std::string unusual;
    const Seconds difference = times.end() - times.start() - length;
    if (difference != Seconds{0}) {
        unusual = fmt::format(" ({:+} min)",
                              std::chrono::duration_cast<std::chrono::minutes>(difference).count());
    }
    if (!any_known) unusual += ": no data";
    std::vector<std::string> titles;
    for (const std::string_view format : {"%a %Y-%m-%d %H:%M", "%Y-%m-%d %H:%M", "%m-%d %H:%M"}) {
        const auto text = [&](Time time) { return zone.format(format, time).value_or("?"); };
        titles.push_back(
            fmt::format("B: {} to {}{}", text(times.start()), text(times.end()), unusual));
    }
    if (any_known) {
        titles.insert(titles.begin(), titles.front() + "; % of averages");
    } else {
        titles.push_back("B" + unusual);
    }
    return titles;
}

}  // namespace

ColumnTimes column_times(const GraphOptions& options, int columns) {
    const double seconds_per_column =
        static_cast<double>((options.end - options.start).count()) / columns;
    ColumnTimes times;
    times.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        times.emplace_back(options.start +
                           Seconds{static_cast<std::int64_t>(seconds_per_column * column)});
    }
    return times;
}

ColumnTimes times_below(const ColumnTimes& columns, const ComparedTimes& times) {
    ColumnTimes below;
    below.reserve(columns.size());
    for (const std::optional<Time>& time : columns) {
        below.push_back(time ? times.below(*time) : std::nullopt);
    }
    return below;
}

GraphDefinition definition_of_second(const GraphDefinition& definition,
                                     const ComparedTimes& times) {
    GraphDefinition second = definition;
    second.options.start = times.start();
    second.options.end = times.end();
    second.options.comparison.reset();
    for (Variable& variable : second.variables) {
        auto* const data = std::get_if<DataVariable>(&variable);
        if (data == nullptr) continue;
        if (data->start) data->start = std::max(times.near(*data->start), Time{});
        if (data->end) data->end = std::max(times.near(*data->end), Time{});
    }
    return second;
}

void compare(const GraphDefinition& definition, const ComparedTimes& times,
             const store::TimeZone& zone, const EvaluatedGraph& second, EvaluatedGraph& first) {
    EvaluatedComparison comparison;
    LineCollector lines(first, second, comparison);
    for (const Stack& stack : stacks_of(definition)) lines.add(stack);
    comparison.rules = compared_rules(first, second, times);
    compare_legends(definition, lines, second, first);
    const Seconds length = definition.options.end - definition.options.start;
    comparison.title.texts = titles_of(times, length, zone, second.any_known);
    comparison.title.line = total_without_text(comparison, first);
    first.comparison = std::move(comparison);
}

std::string difference_text(Value first, Value second) {
    if (!std::isfinite(first) || !std::isfinite(second)) return {};
    if (first == second) return "+0.0 %";
    if (second == 0) return first > 0 ? "+inf %" : "-inf %";
    const double factor = first / second;
    if (factor >= kFactorMax) return ">x1000";
    if (factor >= kFactorFrom) return fmt::format("x{:.0f}", factor);
    const double percent = 100 * (first - second) / std::abs(second);
    if (std::abs(percent) >= kPercentMax) return percent > 0 ? "+inf %" : "-inf %";
    const bool whole = std::abs(percent) >= kWholePercentFrom;
    return fmt::format("{:+.{}f} %", percent, whole ? 0 : 1);
}

}  // namespace kurabe::render
