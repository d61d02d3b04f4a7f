// The totals of stacks: each a series of its own, and the numbers of it that a comparison's legend
// shows.
// Our own; see docs/graph.md, "A second range in the same graph".
#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/statistics.hpp"
#include "render/variable_table.hpp"
#include "render/work_budget.hpp"
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

// Of stacks that have a legend, are drawn and have a layer with rows, which constants and VDEFs
// have not; in the order of the definition, on which alone they depend. The prints are those of the
// highest layer that has any of its own variable behind it; without such a layer the average.
[[nodiscard]] std::vector<StackTotal> stack_totals(const GraphDefinition& definition);

// What a legend says of a total.
struct TotalNumbers {
    Value average = store::kUnknown;
    std::vector<StatisticValue> prints;  // one for each of its prints
};

// One for each of `totals`: of the rows of a CDEF that adds its layers up with ADDNAN. kLimit for
// too many of them, and when `budget` is used up.
[[nodiscard]] Result<std::vector<TotalNumbers>> total_numbers(std::span<const StackTotal> totals,
                                                              const VariableTable& table,
                                                              WorkBudget& budget);

}  // namespace kurabe::render
