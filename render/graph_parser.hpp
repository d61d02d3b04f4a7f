// RRDtool's graph arguments -> GraphDefinition.
// Rule: rrdgraph(1); messages are rrdtool's where it has one.
#pragma once

#include <span>
#include <string>

#include "render/graph_definition.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

inline constexpr std::size_t kVariablesMax = 1000;
inline constexpr std::size_t kElementsMax = 2000;
inline constexpr std::size_t kTextBytesMax = 2000;

// `arguments`: options and elements in any order, without the command's name and the output file
// ("--start", "-1d", "-w", "420", "DEF:a=...:n:AVERAGE", ...). Start defaults to end-24h, end to
// now. kInvalid names the argument; kLimit when there are too many or they are too long.
[[nodiscard]] Result<GraphDefinition> parse_graph(std::span<const std::string> arguments,
                                                  store::Time now, const store::TimeZone& zone);

// The same without options: these come from elsewhere.
[[nodiscard]] Result<GraphDefinition> parse_elements(GraphOptions options,
                                                     std::span<const std::string> elements,
                                                     store::Time now, const store::TimeZone& zone);

}  // namespace kurabe::render
