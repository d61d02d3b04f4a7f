// A day of one-minute rows out of Kurado's rings, and librrd's way to read it: for the benchmarks
// that read.
#pragma once

#include <cstdint>
#include <string>

#include "store/fetch.hpp"
#include "store/series_copy.hpp"

namespace kurabe::bench {

inline constexpr store::Time kLast{store::Seconds{1'700'006'400}};  // on the grid of an hour
inline constexpr std::int64_t kRows = 1440;
inline const store::FetchRequest kDay{.cf = store::RraCf::kAverage,
                                      .start = kLast - store::Seconds{60 * kRows},
                                      .end = kLast - store::Seconds{60},
                                      .resolution = store::Seconds{60}};

// Stops the benchmark when it is no day.
void check_rows(std::int64_t rows);

// Kurado's rings, full of rows up to kLast; "base/metric-NUMBER.gauge".
[[nodiscard]] store::SeriesCopy full_series(std::size_t number);

// Opens the file and fetches the day: how many rows that were.
[[nodiscard]] std::int64_t librrd_day(const std::string& path);

}  // namespace kurabe::bench
