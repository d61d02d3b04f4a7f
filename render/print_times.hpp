// PRINT's three ways to show times: what strftime shows without a time, values as times
// (valstrftime) and values as durations (valstrfduration).
// Rule: rrdgraph_graph(1), PRINT; compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::render {

// Dashes in place of what strftime(3) would write.
[[nodiscard]] std::string missing_time_text(std::string_view format);

// A finite number of seconds since the epoch, in UTC; the number itself where no calendar reaches.
[[nodiscard]] Result<std::string> value_time_text(std::string_view format, store::Value seconds);

// A finite number of milliseconds; "%[0][width][.decimals]c" with c of "WdDhHmMsSf%". kInvalid for
// other conversions, kLimit for more than kPrintWidthMax columns or decimals.
[[nodiscard]] Result<std::string> duration_text(std::string_view format, store::Value milliseconds);

}  // namespace kurabe::render
