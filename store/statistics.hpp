// Statistics of series over ranges of time: what sorts thousands of hosts, gives their graphs a
// common scale and compares two ranges, without a row leaving the store.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// Rows that lie in it as a whole: a row of resolution r that ends at t covers (t - r, t].
struct StatisticsRange {
    Time from;
    Time to;
};

inline constexpr std::size_t kStatisticsRangesMax = 8;
inline constexpr unsigned kStatisticsThreadsMax = 64;

struct StatisticsRequest {
    std::vector<StatisticsRange> ranges;
    std::optional<double> percentile = {};  // 0...100, of the rows' averages
    // The coarsest ring answers that reaches back to the range's beginning and has so many rows in
    // it; if none has, the finest that reaches back, and if none does, the one that covers most.
    std::int64_t rows_enough = 200;
    unsigned threads = 0;  // 0: one per processor
};

// kInvalid for a percentile, ranges or threads that are none.
[[nodiscard]] Result<void> check_request(const StatisticsRequest& request);

// All values are kUnknown where no row is known. Minimum and maximum are those of primary data
// points where the ring has MIN and MAX, else of rows.
struct SeriesStatistics {
    Seconds resolution{0};
    std::uint64_t rows = 0;
    std::uint64_t known_rows = 0;
    Value minimum = kUnknown;
    Value maximum = kUnknown;
    Value average = kUnknown;     // of the known rows
    Value last = kUnknown;        // the last known row
    Value percentile = kUnknown;  // by rank round(p (n - 1) / 100) of n known rows; if asked for

    [[nodiscard]] double unknown_share() const noexcept {
        return rows == 0 ? 1 : 1 - static_cast<double>(known_rows) / static_cast<double>(rows);
    }
};

// How far `a` is above `b`, value by value; unknown where either is. Rows are those of `a`.
[[nodiscard]] SeriesStatistics difference(const SeriesStatistics& a,
                                          const SeriesStatistics& b) noexcept;

// Of rows that follow one another; `minima` and `maxima` may be the averages themselves. Reorders
// the averages when there is a percentile.
struct SummarizedRows {
    std::span<Value> averages;
    std::span<const Value> minima;
    std::span<const Value> maxima;
};
[[nodiscard]] SeriesStatistics summarize(const SummarizedRows& rows,
                                         std::optional<double> percentile);

}  // namespace kurabe::store
