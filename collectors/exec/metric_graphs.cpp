// Matches names with patterns, part by part.
#include "collectors/exec/metric_graphs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "collectors/fetch/answer.hpp"
#include "collectors/fetch/json_fields.hpp"
#include "collectors/graph_colours.hpp"
#include "collectors/host_port.hpp"
#include "collectors/line_text.hpp"

namespace kurabe::collectors::exec {
namespace {

constexpr std::size_t kMetaBytesMax = 256 << 10;
constexpr std::size_t kMetricsMax = 200;

// A reference token of RFC 6901.
std::string unescaped(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool is_escape = token[i] == '~' && i + 1 < token.size();
        text += !is_escape ? token[i] : token[i + 1] == '1' ? '/' : '~';
        if (is_escape) ++i;
    }
    return text;
}

std::string_view take_token(std::string_view& pointer) {
    if (pointer.starts_with('/')) pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    return token;
}

std::optional<std::size_t> index_of(std::string_view token) {
    std::size_t index = 0;
    const char* const end = token.data() + token.size();
    const auto [stop, error] = std::from_chars(token.data(), end, index);
    if (error != std::errc{} || stop != end || index >= kMetricsMax) return std::nullopt;
    return index;
}

void set_metric(MackerelGraph& graph, std::string_view pointer, const std::string& text) {
    const auto index = index_of(take_token(pointer));
    if (!index) return;
    if (graph.metrics.size() <= *index) graph.metrics.resize(*index + 1);
    MackerelMetric& metric = graph.metrics[*index];
    const std::string_view key = take_token(pointer);
    if (!pointer.empty()) return;
    if (key == "name") metric.name = text;
    if (key == "label") metric.label = text;
    if (key == "stacked") metric.stacked = text == "1";
}

// "/graphs/NAME/label", "/graphs/NAME/metrics/0/name".
void set(std::map<std::string, MackerelGraph>& graphs, std::string_view pointer,
         const std::string& text) {
    if (take_token(pointer) != "graphs") return;
    const std::string name = unescaped(take_token(pointer));
    if (!graphs.contains(name) && graphs.size() >= kGraphsMax) return;
    MackerelGraph& graph = graphs[name];
    graph.name = name;
    const std::string_view key = take_token(pointer);
    if (key == "metrics") return set_metric(graph, pointer, text);
    if (!pointer.empty()) return;
    if (key == "label") graph.label = text;
    if (key == "unit") graph.unit = text;
}

std::vector<std::string_view> parts_of(std::string_view name) {
    std::vector<std::string_view> parts;
    while (true) {
        parts.push_back(name.substr(0, name.find('.')));
        if (parts.back().size() == name.size()) return parts;
        name.remove_prefix(parts.back().size() + 1);
    }
}

// What the wildcards stand for; none when the name does not fit.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view name) {
    const auto wanted = parts_of(pattern);
    const auto parts = parts_of(name);
    if (wanted.size() != parts.size()) return std::nullopt;
    std::vector<std::string> wild;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (wanted[i] == "*" || wanted[i] == "#") {
            wild.emplace_back(parts[i]);
        } else if (wanted[i] != parts[i]) {
            return std::nullopt;
        }
    }
    return wild;
}

// "%1 usage" with what the wildcards stand for; what has no %1 has them before it.
std::string label_of(const MackerelMetric& metric, const std::vector<std::string>& wild) {
    std::string label = metric.label.empty() && metric.name.find_first_of("*#") == std::string::npos
                            ? metric.name
                            : metric.label;
    bool has_any = false;
    for (std::size_t i = 0; i < wild.size() && i < 9; ++i) {
        const std::string mark = fmt::format("%{}", i + 1);
        const std::size_t at = label.find(mark);
        if (at == std::string::npos) continue;
        label.replace(at, mark.size(), wild[i]);
        has_any = true;
    }
    if (has_any || wild.empty()) return label;
    std::string all;
    for (const std::string& part : wild) all += all.empty() ? part : "." + part;
    return label.empty() ? all : fmt::format("{} {}", all, label);
}

struct Series {
    std::string key;
    std::string label;
    bool stacked = false;
};

struct Unit {
    std::string_view name;
    std::string_view label;
    int base;
    std::string_view format;
};
constexpr std::array kUnits{
    Unit{"integer", "", 1000, "%8.0lf%s"},
    Unit{"percentage", "%", 1000, "%8.2lf"},
    Unit{"seconds", "s", 1000, "%8.2lf%s"},
    Unit{"milliseconds", "ms", 1000, "%8.2lf"},
    Unit{"bytes", "bytes", 1024, "%8.2lf%s"},
    Unit{"bytes/sec", "bytes/s", 1024, "%8.2lf%s"},
    Unit{"bits/sec", "bits/s", 1000, "%8.2lf%s"},
    Unit{"iops", "iops", 1000, "%8.2lf%s"},
    Unit{"load", "", 1000, "%8.2lf"},  // our own
    Unit{"float", "", 1000, "%8.2lf%s"},
};

const Unit& unit_of(std::string_view name) {
    const auto found = std::ranges::find(kUnits, name, &Unit::name);
    return found == kUnits.end() ? kUnits.back() : *found;
}

PageGraph draw(std::string key, const std::vector<Series>& series, std::string_view unit_name) {
    const Unit& unit = unit_of(unit_name);
    PageGraph graph{.key = std::move(key),
                    .label = std::string(unit.label),
                    .lines = {},
                    .lower = 0,
                    .base = unit.base};
    bool has_stack = false;
    const std::size_t shown = std::min(series.size(), kSeriesOfGraphMax);
    std::size_t widest = 0;
    for (std::size_t i = 0; i < shown; ++i) {
        widest = std::max(widest, characters_of(series[i].label));
    }
    for (std::size_t i = 0; i < shown; ++i) {
        const Series& one = series[i];
        const std::string pad(widest - characters_of(one.label), ' ');
        graph.lines.push_back(fmt::format("DEF:v{}={}:n:AVERAGE", i, graph_text(one.key)));
        graph.lines.push_back(fmt::format("{}:v{}#{}:{}{}{}", one.stacked ? "AREA" : "LINE1", i,
                                          graph_colour(i), graph_text(one.label), pad,
                                          one.stacked && has_stack ? ":STACK" : ""));
        has_stack |= one.stacked;
        for (const auto& [function, title] :
             {std::pair{"LAST", "Cur"}, {"AVERAGE", "Avg"}, {"MAX", "Max"}}) {
            graph.lines.push_back(fmt::format("GPRINT:v{}:{}: {}\\:{}{}", i, function, title,
                                              unit.format,
                                              std::string_view(title) == "Max" ? "\\l" : ""));
        }
    }
    return graph;
}

std::string_view without_type(std::string_view key) {
    return key.substr(0, key.rfind('.'));
}

// Those that begin as a pattern does before its first wildcard: of many graphs that are defined
// few are of one host.
auto keys_like(const std::set<std::string>& keys, std::string_view pattern) {
    const std::string_view beginning = pattern.substr(0, pattern.find_first_of("*#"));
    const auto first = keys.lower_bound(std::string(beginning));
    const auto last = std::find_if_not(
        first, keys.end(), [beginning](const auto& key) { return key.starts_with(beginning); });
    return std::ranges::subrange(first, last);
}

// Series of a defined graph, in the order of its metrics, and by name where there is a wildcard.
std::vector<Series> series_of(const MackerelGraph& graph, const std::set<std::string>& keys,
                              std::set<std::string>& others) {
    std::vector<Series> series;
    if (!graph.has_whole_names && keys_like(keys, graph.name).empty()) return series;
    for (const MackerelMetric& metric : graph.metrics) {
        if (metric.name.empty()) continue;
        const std::string pattern =
            graph.has_whole_names ? metric.name : fmt::format("{}.{}", graph.name, metric.name);
        for (const std::string& key : keys_like(keys, pattern)) {
            const auto wild = match(pattern, without_type(key));
            const auto is_it = [&key](const Series& other) { return other.key == key; };
            if (!wild || std::ranges::any_of(series, is_it)) continue;
            series.push_back({key, label_of(metric, *wild), metric.stacked});
            others.erase(key);
            if (series.size() >= kSeriesOfGraphMax) return series;
        }
    }
    return series;
}

// Keys of graphs are part of addresses.
std::string graph_key(std::string_view name) {
    std::string key(name);
    std::ranges::replace_if(key, [](char byte) { return !consists_of({&byte, 1}, "._-"); }, '_');
    return key;
}

// None is left out because another is called so: one more has a number behind its key.
std::string free_key(std::set<std::string>& taken, const std::string& key) {
    std::string free = key;
    for (int number = 2; !taken.insert(free).second; ++number) {
        free = fmt::format("{}-{}", key, number);
    }
    return free;
}

void add(PluginPages& pages, std::string label, PageGraph graph) {
    pages.groups.push_back({std::move(label), {graph.key}});
    pages.graphs.push_back(std::move(graph));
}

// What a DEF can name and a definition can hold.
bool can_be_drawn(std::string_view key) {
    return key.find('\\') == std::string_view::npos && !key.contains("{{") && is_utf8(key);
}

}  // namespace

Result<std::vector<MackerelGraph>> read_mackerel_meta(std::string_view output) {
    if (output.size() > kMetaBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("graph definitions of over {} bytes", kMetaBytesMax));
    }
    constexpr std::string_view kBegins = "# mackerel-agent-plugin";
    if (!output.starts_with(kBegins)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("graph definitions do not begin with '{}'", kBegins));
    }
    output.remove_prefix(std::min(output.find('\n'), output.size()));
    fetch::Fields fields;
    if (auto read = fetch::add_json_fields(output, "", fields); !read) {
        return std::unexpected(read.error());
    }
    std::map<std::string, MackerelGraph> graphs;
    for (const auto& [pointer, text] : fields.all()) set(graphs, pointer, text);
    std::vector<MackerelGraph> list;
    for (auto& [name, graph] : graphs) list.push_back(std::move(graph));
    return list;
}

PluginPages pages_of(std::string_view plugin, const std::set<std::string>& keys,
                     std::span<const MackerelGraph> defined) {
    PluginPages pages{.plugin = std::string(plugin), .groups = {}, .graphs = {}};
    std::set<std::string> drawable;
    std::ranges::copy_if(keys, std::inserter(drawable, drawable.end()), can_be_drawn);
    std::set<std::string> others = drawable;
    std::set<std::string> names;
    for (const MackerelGraph& graph : defined) {
        const auto series = series_of(graph, drawable, others);
        if (series.empty()) continue;
        add(pages, graph.label.empty() ? graph.name : graph.label,
            draw(free_key(names, graph_key(graph.name)), series, graph.unit));
    }
    std::map<std::string, std::vector<Series>> by_beginning;
    for (const std::string& key : others) {
        const std::string_view name = without_type(key);
        const std::size_t dot = name.rfind('.');
        const bool has_parts = dot != std::string_view::npos;
        by_beginning[std::string(has_parts ? name.substr(0, dot) : name)].push_back(
            {key, std::string(has_parts ? name.substr(dot + 1) : name)});
    }
    for (const auto& [name, series] : by_beginning) {
        if (pages.graphs.size() >= kGraphsMax) break;
        add(pages, name, draw(free_key(names, name), series, ""));
    }
    return pages;
}

}  // namespace kurabe::collectors::exec
