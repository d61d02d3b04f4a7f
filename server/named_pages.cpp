// Writes the definition that a collector would have told.
#include "server/named_pages.hpp"

#include <set>
#include <string>
#include <utility>

#include "collectors/exec/metric_graphs.hpp"
#include "collectors/plugin_text.hpp"
#include "server/told_definitions.hpp"

namespace kurabe::server {

MetaMap with_named_pages(MetaMap meta, std::string_view plugin, const SeriesKeys& keys) {
    if (keys.empty() || ToldDefinitions::any(meta)) return meta;
    const std::set<std::string> names(keys.begin(), keys.end());
    meta[std::string(collectors::kDefinitionMeta)] =
        collectors::cut_plugin_text(collectors::exec::pages_of(plugin, names)).text;
    return meta;
}

}  // namespace kurabe::server
