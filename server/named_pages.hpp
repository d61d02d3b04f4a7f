// Pages of plugins that nobody describes, such as those that an agent pushes: their series drawn by
// their names, as those of programs are.
#pragma once

#include <string_view>

#include "server/drawable_graphs.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::server {

// `meta` with a definition of series with these keys, when nobody has told one and there are any.
[[nodiscard]] MetaMap with_named_pages(MetaMap meta, std::string_view plugin,
                                       const SeriesKeys& keys);

}  // namespace kurabe::server
