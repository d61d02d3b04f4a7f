// Graphs of what Mackerel's agent itself measures, which it never defines: "loadavg1",
// "cpu.user.percentage", "disk.sda.reads.delta".
// Rule: Mackerel's "Metrics specifications"; stacked is what is stacked there.
#pragma once

#include <vector>

#include "collectors/exec/metric_graphs.hpp"

namespace kurabe::collectors::exec {

// In the order of a page.
[[nodiscard]] std::vector<MackerelGraph> mackerel_system_graphs();

}  // namespace kurabe::collectors::exec
