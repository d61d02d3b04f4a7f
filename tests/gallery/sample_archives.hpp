// The .rrd files that the gallery's definitions read: invented histories, the same at every run.
//
//     archive munin/load.rrd step=300 rows=600
//     42 GAUGE level=0.6 day=0.4 noise=0.2 burst=2.5 min=0
//
// An archive ends at kSamplesEnd and has RRAs AVERAGE, MIN and MAX of 1, 6, 24 and 288 steps; with
// season=ROWS also those of HWPREDICT. Its data sources follow: NAME, or NAME1..9 for nine, then
// the type and terms of the value at each step:
//
//     level            a constant; nan: always unknown
//     day, trend       amplitude of a wave that is highest at 15:00 UTC; change per day
//     noise, burst     at random: at most this much beside; at most this more in one row of forty
//     spread           1..9 alone: how far they are apart, as a share, at most
//     min, max         what the value is held within
//     gap              so many rows in the middle are unknown
//     whole=1          a whole number
//
// For COUNTER and DERIVE that value is the rate.
#pragma once

#include <cstdint>
#include <filesystem>

namespace kurabe::tests {

inline constexpr std::int64_t kSamplesEnd = 1'700'046'000;  // 2023-11-15 11:00 UTC

// Makes all archives of the text file `list` below `folder`. Throws std::runtime_error with the
// line that cannot be read or made.
void make_sample_archives(const std::filesystem::path& list, const std::filesystem::path& folder);

}  // namespace kurabe::tests
