// Base metrics out of what Prometheus' node_exporter tells: the names, types and units of the local
// collection, so that a host looks the same however it is watched.
// Rule: names of node_exporter 1.x; compared with the real one in tests/collectors/prometheus/.
#pragma once

#include <optional>
#include <string_view>

#include "collectors/prometheus/exposition.hpp"
#include "collectors/report.hpp"

namespace kurabe::collectors::prometheus {

// None when the answer is not of a node_exporter. What it does not tell is left out.
[[nodiscard]] std::optional<Report> base_report(const Exposition& exposition, std::string_view host,
                                                store::Time now);

}  // namespace kurabe::collectors::prometheus
