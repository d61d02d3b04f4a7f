// Reading a range of one series: what is asked for and what comes back.
// Rule: rrdfetch(1), "RESOLUTION INTERVAL" and reference rule of the added last row; compared with
// rrdtool in tests/differential/.
#pragma once

#include <cstdint>
#include <vector>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

struct FetchRequest {
    RraCf cf = RraCf::kAverage;  // series of the store have those that consolidate
    Time start;
    Time end;               // start <= end
    Seconds resolution{1};  // the wished resolution; the store chooses the archive's best ring
};

// Rows of one fetch; 64 MB of values.
inline constexpr std::int64_t kFetchRowsMax = 8'000'000;

// kInvalid for a resolution below a second or a time outside 1970...2999 or in the wrong order.
[[nodiscard]] Result<void> check_request(const FetchRequest& request);

// Rows of one series. values[i] is the value of the row whose interval ENDS at
// start + (i + 1) * step; values.size() == (end - start) / step. Rows that the archive does not
// hold are kUnknown. start and end are multiples of step around what was asked, and one row longer
// than asked at the end when the end was on the grid, as rrdtool gives it.
struct FetchedSeries {
    Time start;
    Time end;
    Seconds step{1};
    std::vector<Value> values;
};

}  // namespace kurabe::store
