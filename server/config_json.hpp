// A configuration as JSON, for programs: `kurabe config dump --json`.
// Form: Kurado's `kurado_config --dump-json`, {config, metrics_config, services}, with more keys;
// docs/operations.md, "Running".
#pragma once

#include <string>

#include "server/config.hpp"

namespace kurabe::server {

// Several lines, the last with a line feed. Secrets of metrics_config are "***".
[[nodiscard]] std::string config_to_json(const Config& config);

}  // namespace kurabe::server
