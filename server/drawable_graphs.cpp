// Looks at what a graph's DEFs name.
#include "server/drawable_graphs.hpp"

#include <algorithm>

namespace kurabe::server {
namespace {

constexpr std::string_view kDef = "DEF:";

// What stands between "=" and the next ':' of "DEF:name=KEY:n:AVERAGE".
std::string_view key_in(std::string_view argument) {
    argument.remove_prefix(std::min(argument.find('='), argument.size() - 1) + 1);
    return argument.substr(0, argument.find(':'));
}

// One that names series of others, or none at all, is left to the drawing.
bool is_drawable(const GraphTemplate& graph, const SeriesKeys& keys) {
    bool has_any = false;
    for (const std::string& argument : graph.arguments) {
        if (!argument.starts_with(kDef)) continue;
        const std::string_view key = key_in(argument);
        const bool is_own_and_plain = key.find_first_of("/\\") == std::string_view::npos;
        if (!is_own_and_plain || keys.contains(key)) return true;
        has_any = true;
    }
    return !has_any;
}

}  // namespace

SeriesKeys keys_of(const std::vector<store::SeriesInfo>& series, std::string_view plugin) {
    SeriesKeys keys;
    for (const store::SeriesInfo& one : series) {
        if (one.name.plugin == plugin) keys.insert(one.name.key);
    }
    return keys;
}

void keep_drawable(std::vector<GraphGroup>& groups, const PluginDefinition& definition,
                   const MetaMap& meta, const SeriesKeys& keys) {
    if (keys.empty()) return;
    std::erase_if(groups, [&](GraphGroup& group) {
        const bool had_any = !group.graphs.empty();
        std::erase_if(group.graphs, [&](const std::string& key) {
            const auto graph = definition.graph(key, meta);
            return graph && !is_drawable(*graph, keys);
        });
        return had_any && group.graphs.empty() && group.badges.empty();
    });
}

}  // namespace kurabe::server
