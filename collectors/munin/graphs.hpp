// A Munin service's graph in the graph language: its fields' draw, cdef, negative, sum, limits,
// colours and lines, graph_args and graph_order.
// Rule: Munin's guide, "Plugin reference"; what is not honoured: docs/collectors.md, "Munin".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "collectors/munin/answer.hpp"
#include "collectors/plugin_text.hpp"

namespace kurabe::collectors::munin {

// The plugin to which a graph belongs: "diskstats_iops" of "diskstats_iops.sda".
[[nodiscard]] std::string_view root_of(std::string_view service) noexcept;

// Pages of services, in their order, each a group of one graph that is called as the service; those
// with `graph no` and those that draw nothing are left out.
[[nodiscard]] PluginPages pages_of(std::span<const Service> services);

}  // namespace kurabe::collectors::munin
