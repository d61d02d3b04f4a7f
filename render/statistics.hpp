// One number, and for some a time, from all rows of a series: VDEFs, and the CF of a PRINT.
// Rule: rrdgraph_rpn(1), "VARIABLES"; compared with rrdtool 1.7.2.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "render/graph_definition.hpp"
#include "render/series_view.hpp"

namespace kurabe::render {

struct StatisticValue {
    Value value = store::kUnknown;
    std::optional<Time> time;
};

// `percentage` is that of kPercent and kPercentNan. O(n), or O(n log n) for those two.
[[nodiscard]] StatisticValue compute_statistic(const SeriesView& series, Statistic statistic,
                                               double percentage);

// What each row of it costs, as in WorkBudget.
[[nodiscard]] std::uint64_t row_cost(Statistic statistic);

// What "PRINT:series:CF:format" prints: indexed by Cf, of the finite values only.
using CfValues = std::array<Value, 4>;
[[nodiscard]] CfValues cf_values(const SeriesView& series);

}  // namespace kurabe::render
