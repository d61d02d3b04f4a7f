// What a plugin of the agent prints, as a report.
// Rule: docs/collectors.md, "Plugins of the agent"; Kurado's agent, except for `warn.` lines, which
// it takes for metrics.
#pragma once

#include <string_view>

#include "collectors/report.hpp"

namespace kurabe::collectors::agent {

inline constexpr std::size_t kPluginLinesMax = 10'000;

// Lines "KEY \t VALUE [\t EPOCH]": KEY begins with "metrics.", "meta." or "warn.", or means
// "metrics."; one of metrics without a type is a gauge. Comes from outside: what is wrong is left
// out and becomes the warning "output". Bytes that are no UTF-8 become '?'.
[[nodiscard]] Report read_plugin_output(std::string_view output, std::string_view plugin,
                                        std::string_view host, store::Time now);

}  // namespace kurabe::collectors::agent
