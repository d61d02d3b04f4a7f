// Pages of plugins that nobody describes, such as those that an agent pushes: their series drawn by
// their names, as those of programs are.
#pragma once

#include <string_view>

#include "server/drawable_graphs.hpp"
#include "server/mackerel_graphs.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::server {

// `meta` with a definition of series with these keys, when nobody has told one and there are any.
// Those of the plugin `mackerel` are first drawn as `mackerel` defines them, or without it those
// that its agent measures itself.
[[nodiscard]] MetaMap with_named_pages(MetaMap meta, std::string_view plugin,
                                       const SeriesKeys& keys,
                                       const MackerelGraphs* mackerel = nullptr);

}  // namespace kurabe::server
