// GraphDefinition + data -> EvaluatedGraph: fetches, reduces, computes CDEFs and VDEFs, samples one
// value per pixel column, stacks, and formats the texts of GPRINT and PRINT.
// Rule: rrdgraph_data(1); section "graph: data" of our RRDtool facts; checked against rrdtool in
// tests/differential/.
#pragma once

#include <functional>

#include "render/evaluated.hpp"
#include "render/graph_definition.hpp"
#include "render/series_source.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// In full-size mode, how wide the plot is; it depends on the texts of the legend beside it.
using PlotWidth = std::function<int(const EvaluatedGraph& texts)>;

// Errors: the source's, with the DEF's name; kInvalid for an unknown variable or a VDEF's misuse;
// kLimit when a range would need too many rows or too much computing. Without `plot_width` there
// are as many columns as the options' width has pixels. With a comparison the definition is
// evaluated once more, for the second range, which must also be free of errors.
[[nodiscard]] Result<EvaluatedGraph> evaluate(const GraphDefinition& definition,
                                              const SeriesSource& source, Time now,
                                              const store::TimeZone& zone,
                                              const PlotWidth& plot_width = {});

}  // namespace kurabe::render
