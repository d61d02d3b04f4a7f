// The variables of a graph with their values: DEFs fetched and reduced, CDEFs computed, VDEFs
// taken, SHIFTs applied.
// Rule: rrdgraph_data(1); compared with `rrdtool xport` in tests/differential/.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/rpn_evaluator.hpp"
#include "render/series_source.hpp"
#include "render/series_view.hpp"
#include "render/statistics.hpp"
#include "render/work_budget.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

inline constexpr std::size_t kSeriesRowsMax = 4'000'000;
inline constexpr std::size_t kGraphValuesMax = 20'000'000;  // of all series of a graph

using VariableValue = std::variant<SeriesView, StatisticValue>;

// Views into `storage`, which only moves as a whole.
struct VariableTable {
    std::map<std::string, VariableValue, std::less<>> variables;
    std::vector<std::vector<Value>> storage;

    // What `name` stands for; null for an unknown name, or when it is of the other kind.
    [[nodiscard]] const SeriesView* series(std::string_view name) const;
    [[nodiscard]] const StatisticValue* statistic(std::string_view name) const;
};

// The rows of what is computed of `inputs`, at least one: as long as the largest step that divides
// all of theirs, over the time that they have in common. kLimit for more than kSeriesRowsMax.
[[nodiscard]] Result<RpnGrid> common_grid(std::span<const SeriesView* const> inputs);

// The shortest row that a graph wants: its --step, or the seconds of a pixel column.
[[nodiscard]] Seconds graph_step(const GraphOptions& options);

// Errors as of evaluate(). `step` is the shortest row that is wanted; `budget` may pay for what is
// computed of them, too.
[[nodiscard]] Result<VariableTable> compute_variables(const GraphDefinition& definition,
                                                      Seconds step, const SeriesSource& source,
                                                      Time now, const store::TimeZone& zone,
                                                      WorkBudget& budget);
// With the graph's own, and a budget for them alone.
[[nodiscard]] Result<VariableTable> compute_variables(const GraphDefinition& definition,
                                                      const SeriesSource& source, Time now,
                                                      const store::TimeZone& zone);

}  // namespace kurabe::render
