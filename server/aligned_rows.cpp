// Merges the lists of all hosts, one level after the other.
#include "server/aligned_rows.hpp"

#include <algorithm>
#include <functional>

namespace kurabe::server {
namespace {

// The row that `matches`, or a new one made by `make` at `cursor`. Moves `cursor` behind it.
template <typename Row, typename Matches, typename Make>
Row& find_or_insert(std::vector<Row>& rows, std::size_t& cursor, Matches matches, Make make) {
    const auto found = std::ranges::find_if(rows, matches);
    const auto at = found != rows.end()
                        ? found
                        : rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(cursor), make());
    cursor = static_cast<std::size_t>(at - rows.begin()) + 1;
    return *at;
}

void merge_groups(std::vector<AlignedGroup>& rows, const std::vector<GraphGroup>& groups) {
    std::size_t group_cursor = 0;
    for (const GraphGroup& group : groups) {
        AlignedGroup& row = find_or_insert(
            rows, group_cursor,
            [&](const AlignedGroup& other) { return other.label == group.label; },
            [&] {
                return AlignedGroup{group.label, {}};
            });
        std::size_t graph_cursor = 0;
        for (const std::string& graph : group.graphs) {
            find_or_insert(row.graphs, graph_cursor, std::bind_front(std::equal_to<>(), graph),
                           [&] { return graph; });
        }
    }
}

}  // namespace

std::vector<AlignedPlugin> align_rows(std::span<const HostView> hosts) {
    std::vector<AlignedPlugin> rows;
    for (const HostView& host : hosts) {
        std::size_t cursor = 0;
        for (const PluginView& plugin : host.plugins) {
            AlignedPlugin& row = find_or_insert(
                rows, cursor,
                [&](const AlignedPlugin& other) { return other.identifier == plugin.identifier; },
                [&] {
                    return AlignedPlugin{
                        plugin.identifier, plugin.line->short_identifier(), false, {}};
                });
            row.any_warning = row.any_warning || !plugin.warnings.empty();
            merge_groups(row.groups, plugin.groups);
        }
    }
    return rows;
}

const PluginView* plugin_of(const HostView& host, std::string_view identifier) {
    const auto found = std::ranges::find(host.plugins, identifier, &PluginView::identifier);
    return found == host.plugins.end() ? nullptr : &*found;
}

const GraphGroup* group_of(const PluginView& plugin, std::string_view label) {
    const auto found = std::ranges::find(plugin.groups, label, &GraphGroup::label);
    return found == plugin.groups.end() ? nullptr : &*found;
}

bool has_graph(const PluginView& plugin, std::string_view label, std::string_view graph) {
    return std::ranges::any_of(plugin.groups, [&](const GraphGroup& group) {
        return group.label == label && std::ranges::find(group.graphs, graph) != group.graphs.end();
    });
}

}  // namespace kurabe::server
