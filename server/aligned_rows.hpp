// Lines the graphs of many hosts up: the rows of a comparison, so that the same graph of all hosts
// stands side by side although some have other plugins, devices or warnings.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "server/host_view.hpp"

namespace kurabe::server {

struct AlignedGroup {
    std::string label;
    std::vector<std::string> graphs;
};

struct AlignedPlugin {
    std::string identifier;
    std::string short_identifier;
    bool any_warning = false;
    std::vector<AlignedGroup> groups;
};

// Every plugin, group (by label) and graph of any host once. The order of each host is kept; what
// only a later host has stands behind what precedes it there.
[[nodiscard]] std::vector<AlignedPlugin> align_rows(std::span<const HostView> hosts);

// Parts of a host that belong into a row; null when it has none.
[[nodiscard]] const PluginView* plugin_of(const HostView& host, std::string_view identifier);
[[nodiscard]] const GraphGroup* group_of(const PluginView& plugin, std::string_view label);
[[nodiscard]] bool has_graph(const PluginView& plugin, std::string_view label,
                             std::string_view graph);

}  // namespace kurabe::server
