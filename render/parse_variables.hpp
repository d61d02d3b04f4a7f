// The texts of DEF, CDEF and VDEF -> variables. Used by the graph parser only.
// Rule: rrdgraph_data(1).
#pragma once

#include <string_view>

#include "render/graph_definition.hpp"
#include "render/variable_names.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// "DEF:name=series:ds:CF[:step=][:start=][:end=][:reduce=][:daemon=]"; its times may refer to the
// graph's. Fields may be named too: vname= rrd= ds= cf=.
[[nodiscard]] Result<DataVariable> parse_data_variable(std::string_view argument,
                                                       const GraphOptions& graph, Time now,
                                                       const store::TimeZone& zone);

// "CDEF:name=rpn"; its variables must be in `names`, one of them a series.
[[nodiscard]] Result<ComputedVariable> parse_computed_variable(std::string_view argument,
                                                               const VariableNames& names);

// "VDEF:name=series,[parameter,]FUNCTION".
[[nodiscard]] Result<StatisticVariable> parse_statistic_variable(std::string_view argument,
                                                                 const VariableNames& names);

}  // namespace kurabe::render
