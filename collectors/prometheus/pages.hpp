// Graphs of an exporter's metrics, one for each metric's name, as the exporter itself groups them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/report.hpp"

namespace kurabe::collectors::prometheus {

inline constexpr std::size_t kGraphsMax = 1000;      // of one exporter
inline constexpr std::size_t kLinesOfGraphMax = 30;  // more series are stored but not drawn

// What the pages show of a report of scrape_report(): meta "definition.GROUP" with one definition
// for all metrics whose names begin alike ("node_cpu", "go_gc"), each as large as it may be; what
// has no room is not drawn.
void tell_pages(Report& report, std::string_view plugin);

}  // namespace kurabe::collectors::prometheus
