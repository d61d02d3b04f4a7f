// Which graphs of a plugin have anything to draw for a host: a switch has no load, a database may
// be without replication.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/plugin_definition.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// Keys of the series that a host has of one plugin.
using SeriesKeys = std::set<std::string, std::less<>>;

[[nodiscard]] SeriesKeys keys_of(const std::vector<store::SeriesInfo>& series,
                                 std::string_view plugin);

// Takes graphs out of which none of the series is there, and groups that have lost all of theirs
// and say nothing else. Without any series of the plugin all stay: they are yet to come.
void keep_drawable(std::vector<GraphGroup>& groups, const PluginDefinition& definition,
                   const MetaMap& meta, const SeriesKeys& keys);

}  // namespace kurabe::server
