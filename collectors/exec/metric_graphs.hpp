// Graphs of metrics that are known by their names alone, and those that a Mackerel plugin defines.
// Rule: Mackerel's "Creating custom metrics", "Graph definitions".
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/plugin_text.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::exec {

inline constexpr std::size_t kGraphsMax = 500;        // of one plugin
inline constexpr std::size_t kSeriesOfGraphMax = 50;  // more are not drawn

struct MackerelMetric {
    std::string name;  // behind the graph's and a dot; "*" and "#" stand for one part of a name
    std::string label;
    bool stacked = false;

    bool operator==(const MackerelMetric&) const = default;
};

struct MackerelGraph {
    std::string name;  // "docker.cpuacct.#"
    std::string label;
    std::string unit;
    std::vector<MackerelMetric> metrics;
    bool has_whole_names = false;  // of its metrics: nothing stands before them

    bool operator==(const MackerelGraph&) const = default;
};

// The output of a plugin that was run with MACKEREL_AGENT_PLUGIN_META: a comment line, then JSON.
// kInvalid with the reason for anything else; graphs that are wrong in part lose that part.
[[nodiscard]] Result<std::vector<MackerelGraph>> read_mackerel_meta(std::string_view output);

// Pages of series with these keys ("docker.cpuacct.abc.user.gauge"): the defined graphs that have
// any of them, then one graph for all others that are equal up to their last dot.
[[nodiscard]] PluginPages pages_of(std::string_view plugin, const std::set<std::string>& keys,
                                   std::span<const MackerelGraph> defined = {});

}  // namespace kurabe::collectors::exec
