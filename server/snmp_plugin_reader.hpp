// Reads `snmp:` of a plugin file. Rule: docs/plugins.md.
#pragma once

#include <memory>
#include <string>

#include "collectors/snmp/oid_plugin.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Null when the plugin has no such section. Errors name file and line.
[[nodiscard]] Result<std::shared_ptr<const collectors::snmp::OidPlugin>> read_oid_plugin(
    YamlMapping& plugin, const std::string& name);

}  // namespace kurabe::server
