// How long values are kept: the key `retention` of the configuration. Rule: docs/operations.md.
#pragma once

#include <optional>

#include "server/yaml.hpp"
#include "store/result.hpp"
#include "store/retention.hpp"

namespace kurabe::server {

// "60:2d,5m:10d,1h:40d", whose first resolution is a minute, as everything that is drawn expects;
// none when the mapping has no such key.
[[nodiscard]] Result<std::optional<store::Retention>> read_retention(YamlMapping& mapping);

}  // namespace kurabe::server
