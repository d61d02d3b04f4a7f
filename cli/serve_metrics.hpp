// What a server does and takes, in Prometheus' form. Names and units: docs/operations.md,
// "Metrics for Prometheus".
#pragma once

#include <memory>
#include <vector>

#include "cli/collection.hpp"
#include "cli/serve_core.hpp"
#include "server/metrics_text.hpp"

namespace kurabe::cli {

// HTTP, ingest, checkpoints, configuration, and the process. Thread-safe.
void tell_server(const ServeCore& core, server::MetricsText& text);
// What the collections of the configuration in use have polled. Thread-safe while they live.
void tell_polls(const std::vector<std::unique_ptr<Collection>>& collections,
                server::MetricsText& text);

}  // namespace kurabe::cli
