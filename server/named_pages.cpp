// Writes the definition that a collector would have told.
#include "server/named_pages.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "collectors/exec/metric_graphs.hpp"
#include "collectors/exec/system_graphs.hpp"
#include "collectors/plugin_text.hpp"
#include "server/told_definitions.hpp"

namespace kurabe::server {
namespace {

std::shared_ptr<const MackerelGraphs::List> defined_graphs(std::string_view plugin,
                                                           const MackerelGraphs* mackerel) {
    if (plugin != kMackerelPlugin) return std::make_shared<MackerelGraphs::List>();
    if (mackerel != nullptr) return mackerel->current();
    return std::make_shared<MackerelGraphs::List>(collectors::exec::mackerel_system_graphs());
}

}  // namespace

MetaMap with_named_pages(MetaMap meta, std::string_view plugin, const SeriesKeys& keys,
                         const MackerelGraphs* mackerel) {
    if (keys.empty() || ToldDefinitions::any(meta)) return meta;
    const std::set<std::string> names(keys.begin(), keys.end());
    const auto defined = defined_graphs(plugin, mackerel);
    meta[std::string(collectors::kDefinitionMeta)] =
        collectors::cut_plugin_text(collectors::exec::pages_of(plugin, names, *defined)).text;
    return meta;
}

}  // namespace kurabe::server
