// A second range in the same graph: the definition that is evaluated for it, and what of the result
// is shown beside the first range's.
// Our own; see docs/graph.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/compared_times.hpp"
#include "render/evaluated.hpp"
#include "render/graph_definition.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// The time whose value each pixel column shows, left to right; none = no value.
using ColumnTimes = std::vector<std::optional<Time>>;

// A graph's own: so many, evenly over its range.
[[nodiscard]] ColumnTimes column_times(const GraphOptions& options, int columns);
[[nodiscard]] ColumnTimes times_below(const ColumnTimes& columns, const ComparedTimes& times);

// The graph of the second range alone: the same but for its times, those of its DEFs included.
[[nodiscard]] GraphDefinition definition_of_second(const GraphDefinition& definition,
                                                   const ComparedTimes& times);

// Gives `first` its comparison with `second`, both evaluated over the same columns: of a line a
// line, of an area that stands alone its outline, of a stack the outline of its total; below each
// text of the legend about a value the second range's, and below that of a drawn one by how much
// the first range's average lies above the second's.
void compare(const GraphDefinition& definition, const ComparedTimes& times,
             const store::TimeZone& zone, const EvaluatedGraph& second, EvaluatedGraph& first);

// "+2.3 %", "+12 %": how far `first` lies above `second`; "x12" from ten times on. At most six
// letters; empty when unknown.
[[nodiscard]] std::string difference_text(Value first, Value second);

}  // namespace kurabe::render
