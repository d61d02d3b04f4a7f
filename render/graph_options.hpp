// The options of a graph's arguments; what is no option is an element and left for later.
// Rule: rrdgraph(1), "OPTIONS".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

struct SplitArguments {
    GraphOptions options;
    std::vector<std::string> elements;
};

// Forms "--name=value", "--name value", "-nVALUE", "-n VALUE", "-gE"; the last of several wins;
// "--" ends the options.
[[nodiscard]] Result<SplitArguments> parse_options(std::span<const std::string> arguments,
                                                   store::Time now, const store::TimeZone& zone);

}  // namespace kurabe::render
