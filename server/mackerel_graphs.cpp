// Each definition is a meta of its own, in the form in which it is posted.
#include "server/mackerel_graphs.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "collectors/exec/system_graphs.hpp"
#include "server/mackerel_request.hpp"

namespace kurabe::server {
namespace {

using collectors::exec::MackerelGraph;

// No name of a host has a '/'.
constexpr std::string_view kEveryHost = "/mackerel";
constexpr std::string_view kKeyBegins = "graph.";

void note_refused(RefusedMeta& refused, std::string reason) {
    if (++refused.count == 1) refused.reason = std::move(reason);
}

}  // namespace

MackerelGraphs::MackerelGraphs(Metadata& metadata, Log& log) : metadata_(metadata), log_(log) {
    if (const auto done = read(); !done) {
        log_.error("graphs of mackerel unreadable", {{"reason", done.error().message}});
        *current_.lock() = std::make_shared<List>(collectors::exec::mackerel_system_graphs());
    }
}

Result<void> MackerelGraphs::read() {
    const auto kept = metadata_.meta(kEveryHost, kMackerelPlugin);
    if (!kept) return std::unexpected(kept.error());
    posted_.clear();
    auto list = std::make_shared<List>(collectors::exec::mackerel_system_graphs());
    for (const auto& [key, text] : *kept) {
        if (!key.starts_with(kKeyBegins) || text.empty()) continue;
        auto graph = mackerel_graph_from_json(text);
        if (!graph) {
            log_.error("a graph of mackerel is unreadable",
                       {{"key", key}, {"reason", graph.error().message}});
            continue;
        }
        list->push_back(*graph);
        posted_.insert_or_assign(graph->name, *std::move(graph));
    }
    *current_.lock() = std::move(list);
    return {};
}

// What all agents of a kind post when they start is mostly there already.
Result<RefusedMeta> MackerelGraphs::add(std::span<const MackerelGraph> graphs, store::Time now) {
    const std::scoped_lock adding(adding_);
    RefusedMeta refused;
    collectors::Report report;
    report.batch.host = kEveryHost;
    report.time = now;
    report.is_sign_of_life = false;
    std::size_t count = posted_.size();
    std::map<std::string_view, const MackerelGraph*> last;  // of a name
    for (const MackerelGraph& graph : graphs) last.insert_or_assign(graph.name, &graph);
    for (const auto& [name, newest] : last) {
        const MackerelGraph& graph = *newest;
        const auto known = posted_.find(graph.name);
        const bool is_taken_back = graph.metrics.empty();
        if (known == posted_.end() ? is_taken_back : known->second == graph) continue;
        std::string text = is_taken_back ? std::string() : mackerel_graph_to_json(graph);
        if (text.size() > kMetaValueBytesMax) {
            note_refused(refused,
                         fmt::format("'{}' is over {} bytes", graph.name, kMetaValueBytesMax));
        } else if (known == posted_.end() && ++count > kMackerelGraphsMax) {
            note_refused(refused, fmt::format("'{}': {} graphs are defined already", graph.name,
                                              kMackerelGraphsMax));
        } else {
            report.meta.push_back({std::string(kMackerelPlugin),
                                   fmt::format("{}{}", kKeyBegins, graph.name), std::move(text)});
        }
    }
    if (report.meta.empty()) return refused;
    auto stored = metadata_.store(report, now);
    if (!stored) return stored;
    if (stored->count > 0) {
        refused.count += stored->count - 1;
        note_refused(refused, std::move(stored->reason));
    }
    if (const auto done = read(); !done) return std::unexpected(done.error());
    return refused;
}

}  // namespace kurabe::server
