// Keys are told apart at their first dot: before it the metric's name, behind it labels and type.
#include "collectors/prometheus/pages.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "collectors/graph_colours.hpp"
#include "collectors/plugin_text.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors::prometheus {
namespace {

constexpr std::string_view kMilliseconds = "_ms";

struct Series {
    std::string key;    // "node_cpu_seconds_total_ms.0-idle.derive"
    std::string label;  // "0-idle", or the metric's name
};

using ByName = std::map<std::string, std::vector<Series>, std::less<>>;

ByName series_by_name(const Report& report, std::string_view plugin) {
    ByName found;
    for (const store::Sample& sample : report.batch.samples) {
        if (sample.plugin != plugin) continue;
        const std::string& key = sample.key;
        const std::size_t first = key.find('.');
        const std::size_t last = key.rfind('.');
        const std::string name = key.substr(0, first);
        found[name].push_back(
            {key, first == last ? name : key.substr(first + 1, last - first - 1)});
    }
    return found;
}

PageGraph graph_of(const std::string& name, const std::vector<Series>& series) {
    const bool is_rate = series.front().key.ends_with(".derive");
    const bool counts_time = is_rate && name.ends_with(kMilliseconds);
    PageGraph graph{.key = name, .label = is_rate ? "per second" : "", .base = 1000};
    // Labels alone do not say what they are of.
    if (series.front().label != name) {
        const std::string_view shown_name = std::string_view(name).substr(
            0, name.size() - (counts_time ? kMilliseconds.size() : 0));
        graph.lines.push_back(fmt::format("COMMENT:{}\\l", graph_text(shown_name)));
    }
    const std::size_t shown = std::min(series.size(), kLinesOfGraphMax);
    std::size_t widest = 0;
    for (std::size_t i = 0; i < shown; ++i) widest = std::max(widest, series[i].label.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const std::string& label = series[i].label;
        const std::string pad(widest - label.size(), ' ');
        graph.lines.push_back(fmt::format("DEF:d{}={}:n:AVERAGE", i, series[i].key));
        graph.lines.push_back(counts_time ? fmt::format("CDEF:v{0}=d{0},1000,/", i)
                                          : fmt::format("CDEF:v{0}=d{0}", i));
        graph.lines.push_back(
            fmt::format("LINE1:v{}#{}:{}", i, graph_colour(i), graph_text(label)));
        graph.lines.push_back(fmt::format("GPRINT:v{}:LAST:{} Cur\\:%6.2lf%s", i, pad));
        graph.lines.push_back(fmt::format("GPRINT:v{}:AVERAGE:Ave\\:%6.2lf%s", i));
        graph.lines.push_back(fmt::format("GPRINT:v{}:MAX:Max\\:%6.2lf%s\\l", i));
    }
    return graph;
}

// The first two words of a name.
std::string group_of(std::string_view name) {
    const std::size_t first = name.find('_');
    if (first == std::string_view::npos) return std::string(name);
    return std::string(name.substr(0, name.find('_', first + 1)));
}

}  // namespace

void tell_pages(Report& report, std::string_view plugin) {
    std::map<std::string, PluginPages> groups;
    std::size_t graphs = 0;
    for (const auto& [name, series] : series_by_name(report, plugin)) {
        if (++graphs > kGraphsMax) break;
        const std::string group = group_of(name);
        PluginPages& pages = groups[group];
        if (pages.groups.empty()) {
            pages.plugin = plugin;
            pages.groups.push_back({.label = group, .graphs = {}});
        }
        pages.groups.front().graphs.push_back(name);
        pages.graphs.push_back(graph_of(name, series));
    }
    for (const auto& [group, pages] : groups) {
        std::string text = plugin_text(pages);
        if (text.size() > kDefinitionBytesMax) continue;
        report.meta.push_back({.plugin = std::string(plugin),
                               .key = fmt::format("{}.{}", kDefinitionMeta, group),
                               .value = std::move(text)});
    }
}

}  // namespace kurabe::collectors::prometheus
