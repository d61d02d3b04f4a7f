// The totals of stacks: each a series of its own, and the numbers of it that a comparison's legend
// shows.
// Our own; see docs/graph.md, "A second range in the same graph".
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/series_view.hpp"
#include "render/statistics.hpp"
#include "render/variable_table.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// A number of a layer's series that is said of the total, too.
struct TotalPrint {
    PrintElement print;
    std::variant<Cf, StatisticVariable> number;  // by the series' CF or by a VDEF of it
};

struct StackTotal {
    std::vector<ValueReference> layers;  // from the lowest on
    std::size_t lowest = 0;              // the lowest layer's element in the definition
    std::size_t like = 0;                // the layer's whose legend the total's looks like
    std::vector<TotalPrint> prints;
};

inline constexpr std::size_t kTotalsMax = 20;       // stacks beyond them have no total
inline constexpr std::size_t kTotalPrintsMax = 20;  // of a stack; so many are taken

// Of stacks that have a legend, are drawn and consist of more than constant numbers; in the order
// of the definition, on which alone they depend. The prints are those of the highest layer that has
// any of its own variable behind it; without such a layer the average.
[[nodiscard]] std::vector<StackTotal> stack_totals(const GraphDefinition& definition);

struct TotalSeries {
    Time start;
    Seconds step{1};
    std::vector<Value> values;  // known where any layer is

    [[nodiscard]] SeriesView view() const { return {start, step, values}; }  // not of a temporary
};

// The rows of a CDEF that adds the layers up with ADDNAN. kLimit as of one.
[[nodiscard]] Result<TotalSeries> total_series(const StackTotal& total, const VariableTable& table);

// What `print` says of the total.
[[nodiscard]] StatisticValue total_value(const TotalPrint& print, const TotalSeries& series);

}  // namespace kurabe::render
