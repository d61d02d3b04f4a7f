// Lines of rolls that cannot work as they are: found when a server starts, not at the first fetch.
#pragma once

#include <string>
#include <vector>

#include "server/config.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::server {

// One text for each line of a roll of `config` whose arguments are not those of its plugin:
// "FILE:LINE:COLUMN: 'memcached:abc': argument 'port' must be ...". Lines of plugins that are not
// fetched are not looked at: theirs may mean anything.
[[nodiscard]] std::vector<std::string> wrong_lines(const Config& config,
                                                   const PluginCatalogue& plugins);

}  // namespace kurabe::server
