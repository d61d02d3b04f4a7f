// --lazy: whether the picture that is there still shows what a new one would.
// Rule: rrdgraph(1), "--lazy"; ages measured on rrdtool 1.7.2.
#pragma once

#include <filesystem>

#include "render/graph_definition.hpp"
#include "store/types.hpp"

namespace kurabe::cli {

// A PNG that is not older than a pixel of the graph is wide, in whole seconds.
[[nodiscard]] bool is_up_to_date(const std::filesystem::path& picture,
                                 const render::GraphOptions& options, store::Time now);

}  // namespace kurabe::cli
