// Values as durations (valstrfduration).
// Rule: rrdgraph_graph(1), PRINT; measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::render {

// A finite number of milliseconds; "%[0][width][.decimals]c" with c of "WdDhHmMsSf%". kInvalid for
// other conversions, kLimit for more than kPrintWidthMax columns or decimals.
[[nodiscard]] Result<std::string> duration_text(std::string_view format, store::Value milliseconds);

}  // namespace kurabe::render
