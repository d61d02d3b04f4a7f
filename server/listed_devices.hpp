// Devices of a host that nobody has told: those of its series' names. Files of Kurado's come
// without the lists that its agents told Redis.
#pragma once

#include <string_view>

#include "server/drawable_graphs.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::server {

// `meta` of a plugin with the lists of devices that are missing in it; only `base` has any.
[[nodiscard]] MetaMap with_listed_devices(MetaMap meta, std::string_view plugin,
                                          const SeriesKeys& keys);

}  // namespace kurabe::server
