// The server as a host of its own: what it collected and stored, and what it takes to do so.
// Names and units: docs/operations.md, "The server's own graphs".
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cli/collection.hpp"
#include "collectors/report.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"

namespace kurabe::cli {

// Addresses of the hosts whose roll has the plugin `kurabe`: they stand for this server.
[[nodiscard]] std::vector<std::string> own_addresses(const server::Config& config);

// A report of the plugin `kurabe` for each of `hosts`. Looks at the collections' counts, whose
// longest times begin anew by that. `started` is the server's start.
[[nodiscard]] std::vector<collectors::Report> own_reports(
    const std::vector<std::string>& hosts,
    const std::vector<std::unique_ptr<Collection>>& collections,
    const server::IngestNumbers& ingested, store::Time started, store::Time now);

// Puts an unknown value a second before each counter, so that nothing is counted from what an
// earlier process of this server had come to.
void begin_counters_anew(collectors::Report& report);

}  // namespace kurabe::cli
