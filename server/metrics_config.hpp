// `metrics_config`: what a configuration tells its plugins, free in form. Rule: docs/operations.md.
#pragma once

#include "collectors/fetch/arguments.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// The texts of a mapping of mappings by their paths; lists and what is not below a key of its own
// are passed over. `node` may be null: nothing.
[[nodiscard]] collectors::fetch::MetricsConfig read_metrics_config(const YamlNode* node);

// As Kurado merges a roll's over the main one: `above` wins for each top-level key as a whole.
[[nodiscard]] collectors::fetch::MetricsConfig merged(collectors::fetch::MetricsConfig below,
                                                      collectors::fetch::MetricsConfig above);

}  // namespace kurabe::server
