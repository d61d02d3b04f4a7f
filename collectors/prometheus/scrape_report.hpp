// What of an exporter's metrics is stored, and under which names. Rule: our docs/collectors.md,
// "Prometheus exporters".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collectors/prometheus/exposition.hpp"
#include "collectors/report.hpp"

namespace kurabe::collectors::prometheus {

// Names of metrics in which '*' stands for any letters.
struct Selection {
    std::vector<std::string> include = {};  // empty: all
    std::vector<std::string> exclude = {};  // wins

    [[nodiscard]] bool takes(std::string_view name) const noexcept;
};

// The key of a sample: its name, a dot, its labels' values in the order of their names, "-"
// between, and its type; what is no letter or digit of a name or a value becomes '_'. Counters, and
// what histograms and summaries count and sum up, are ".derive", in whole numbers, and those of
// seconds, whose names say so, in milliseconds with "_ms" behind the name. Empty for what is not
// kept: the buckets of histograms, "_created", and what would be longer than a key may be.
[[nodiscard]] std::string key_of(const ScrapedSample& sample);

// Metrics that the selection takes, of `plugin` (the identifier). Of two with one key the first
// counts. A warning says how many lines were no metrics.
[[nodiscard]] Report scrape_report(const Exposition& exposition, const Selection& selection,
                                   std::string_view host, std::string_view plugin, store::Time now);

}  // namespace kurabe::collectors::prometheus
