// Columns and notes in the order of the elements, then all columns on one grid.
#include "render/export_table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "render/print_texts.hpp"
#include "render/variable_table.hpp"
#include "store/epoch.hpp"
#include "store/integer.hpp"

namespace kurabe::render {

namespace {

// What stands before the legend of an area, where a picture has its colour box.
constexpr std::string_view kAreaIndent = "  ";
constexpr std::array<std::string_view, 4> kAlignmentNames = {"left", "right", "justified",
                                                             "center"};

// A column before the grid of all columns is known.
struct Source {
    std::string legend;
    const SeriesView* series = nullptr;  // null: the same number in every row
    Value number = store::kUnknown;
};

// Rounded towards minus infinity.
class ExportEvaluator {
  public:
    ExportEvaluator(const GraphOptions& options, ExportColumns columns, const VariableTable& table,
                    Time now, const store::TimeZone& zone)
        : options_(options),
          drawn_too_(columns == ExportColumns::kExportedAndDrawn),
          variables_(table),
          texts_(options, table, now, zone) {
        texts_.set_in_export();
    }

    using Added = Result<void>;

    Added add(const LineElement& line) {
        table_.notes.push_back({"line", line.legend});
        return drawn_too_ ? add_column(line.value, line.legend) : Added();
    }

    Added add(const AreaElement& area) {
        table_.notes.push_back(
            {"area", area.legend.empty() ? "" : std::string(kAreaIndent) + area.legend});
        return drawn_too_ ? add_column(area.value, area.legend) : Added();
    }

    Added add(const ExportElement& column) { return add_column(column.variable, column.legend); }

    Added add(const HorizontalRuleElement& rule) {
        const auto value = number_of(rule.value);
        if (value) table_.rules.push_back({.vertical = false, .place = *value});
        return value ? Added() : std::unexpected(value.error());
    }

    // One whose VDEF has no time stands nowhere.
    Added add(const VerticalRuleElement& rule) {
        const auto time = time_of(rule.time);
        if (time && !store::is_unknown(*time)) {
            table_.rules.push_back({.vertical = true, .place = *time});
        }
        return time ? Added() : std::unexpected(time.error());
    }

    Added add(const TickElement&) { return {}; }

    Added add(const PrintElement& print) {
        auto text = texts_.text_of(print);
        if (!text) return std::unexpected(text.error());
        if (print.in_graph) {
            table_.notes.push_back({"gprint", std::move(*text)});
        } else {
            table_.prints.push_back(std::move(*text));
        }
        return {};
    }

    Added add(const CommentElement& comment) {
        table_.notes.push_back({"comment", comment.text});
        return {};
    }

    Added add(const TextAlignElement& align) {
        const auto name = kAlignmentNames[static_cast<std::size_t>(align.alignment)];
        table_.notes.push_back({"align", std::string(name)});
        return {};
    }

    Added add(const ShiftElement&) { return {}; }

    Result<ExportTable> finish() && {
        const auto step = common_step();
        if (!step) return std::unexpected(step.error());
        const std::int64_t begin =
            store::floor_divide(store::epoch_seconds(options_.start), *step) * *step;
        const std::int64_t end =
            -store::floor_divide(-store::epoch_seconds(options_.end), *step) * *step;
        table_.start = Time{Seconds{begin}};
        table_.end = Time{Seconds{end}};
        table_.step = Seconds{*step};
        const auto rows = static_cast<std::size_t>((end - begin) / *step);
        if (rows > kGraphValuesMax / sources_.size()) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{} rows of {} columns: at most {} values are exported; use a "
                                    "shorter range or a larger step",
                                    rows, sources_.size(), kGraphValuesMax));
        }
        for (Source& source : sources_) {
            table_.columns.push_back({std::move(source.legend), values_of(source, rows)});
        }
        return std::move(table_);
    }

  private:
    // ---- Numbers at one place ----

    Result<const StatisticValue*> statistic_of(const ValueReference& reference) const {
        const auto& name = std::get<std::string>(reference);
        if (const StatisticValue* const statistic = variables_.statistic(name)) return statistic;
        return fail(ErrorCode::kInvalid, fmt::format("{} is not a VDEF nor a number", name));
    }

    Result<Value> number_of(const ValueReference& reference) const {
        if (const auto* const number = std::get_if<double>(&reference)) return *number;
        const auto statistic = statistic_of(reference);
        if (!statistic) return std::unexpected(statistic.error());
        return (*statistic)->value;
    }

    Result<Value> time_of(const ValueReference& reference) const {
        if (const auto* const number = std::get_if<double>(&reference)) return *number;
        const auto statistic = statistic_of(reference);
        if (!statistic) return std::unexpected(statistic.error());
        if (!(*statistic)->time) return store::kUnknown;
        return static_cast<Value>(store::epoch_seconds(*(*statistic)->time));
    }

    // ---- Columns ----

    Added add_column(const ValueReference& reference, const std::string& legend) {
        const auto* const name = std::get_if<std::string>(&reference);
        if (name != nullptr) {
            if (const SeriesView* const series = variables_.series(*name)) {
                sources_.push_back({.legend = legend, .series = series});
                return {};
            }
        }
        const auto number = number_of(reference);
        if (!number) return std::unexpected(number.error());
        sources_.push_back({.legend = legend, .number = *number});
        return {};
    }

    [[nodiscard]] Result<std::int64_t> common_step() const {
        std::int64_t step = 0;
        for (const Source& source : sources_) {
            if (source.series != nullptr) step = std::gcd(step, source.series->step.count());
        }
        if (step > 0) return step;
        return fail(ErrorCode::kInvalid, "no XPORT found, nothing to do");
    }

    // Each row has the value of the interval in which it lies.
    [[nodiscard]] std::vector<Value> values_of(const Source& source, std::size_t rows) const {
        if (source.series == nullptr) return std::vector<Value>(rows, source.number);
        const SeriesView& series = *source.series;
        std::vector<Value> values(rows, store::kUnknown);
        const std::int64_t offset =
            store::epoch_seconds(table_.start) - store::epoch_seconds(series.start);
        for (std::size_t row = 0; row < rows; ++row) {
            const std::int64_t index = store::floor_divide(
                offset + static_cast<std::int64_t>(row) * table_.step.count(), series.step.count());
            if (index >= 0 && index < static_cast<std::int64_t>(series.values.size())) {
                values[row] = series.values[static_cast<std::size_t>(index)];
            }
        }
        return values;
    }

    const GraphOptions& options_;
    bool drawn_too_;
    const VariableTable& variables_;
    PrintTexts texts_;
    std::vector<Source> sources_;
    ExportTable table_;
};

}  // namespace

Result<ExportTable> evaluate_export(const GraphDefinition& definition, ExportColumns columns,
                                    const SeriesSource& source, Time now,
                                    const store::TimeZone& callers_zone) {
    const store::TimeZone zone = definition.options.zone.value_or(callers_zone);
    const auto table = compute_variables(definition, source, now, zone);
    if (!table) return std::unexpected(table.error());
    ExportEvaluator evaluator(definition.options, columns, *table, now, zone);
    for (const Element& element : definition.elements) {
        const auto added =
            std::visit([&evaluator](const auto& one) { return evaluator.add(one); }, element);
        if (!added) return std::unexpected(added.error());
    }
    return std::move(evaluator).finish();
}

}  // namespace kurabe::render
