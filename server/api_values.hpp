// Rows and statistics of several series as texts for programs: JSON, CSV, and the arrays that
// Grafana's JSON data sources take. Documented in docs/operations.md, "The API".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "store/fetch.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/statistics.hpp"
#include "store/time_zone.hpp"

namespace kurabe::server {

inline constexpr std::size_t kCsvFieldsMax = 2'000'000;

struct NamedRows {
    store::SeriesName name;
    store::FetchedSeries rows;
};

// {"data":[{"series":"H/P/K","start":1,"end":2,"step":60,"values":[0.5,null]}]}; start and end as
// series_to_json, what is no number is null.
[[nodiscard]] std::string values_to_json(std::span<const NamedRows> series);
// [{"target":"H/P/K","datapoints":[[0.5,1700000060000]]}]: milliseconds.
[[nodiscard]] std::string values_to_datapoints(std::span<const NamedRows> series);
// "time,H/P/K,...": a line for each time at which a row of one of them ends, in the zone. Empty
// where a series has no row, or an unknown one. kLimit when that is more than kCsvFieldsMax fields,
// as of many series whose rows end at different times.
[[nodiscard]] Result<std::string> values_to_csv(std::span<const NamedRows> series,
                                                const store::TimeZone& zone);

struct NamedStatistics {
    store::SeriesName name;
    store::SeriesStatistics statistics;
};

// {"from":1,"to":2,"statistics":[{"series":"H/P/K","resolution":60,"rows":9,"known":8,
// "minimum":...,"maximum":...,"average":...,"last":...}]}, and "percentile" when there is one.
[[nodiscard]] std::string statistics_to_json(const store::StatisticsRange& range, bool percentile,
                                             std::span<const NamedStatistics> series);

}  // namespace kurabe::server
