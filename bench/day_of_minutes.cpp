// Rows of sines, and rrd_fetch_r.
#include "bench/day_of_minutes.hpp"

#include <cmath>

#include <rrd.h>

#include "bench/measuring.hpp"

namespace kurabe::bench {

using namespace kurabe::store;

void check_rows(std::int64_t rows) {
    if (rows != kRows) stop("a day has " + std::to_string(rows) + " rows");
}

SeriesCopy full_series(std::size_t number) {
    SeriesCopy series{.retention = Retention::kurado(), .column = {}, .planes = {}};
    series.column.plugin = "base";
    series.column.key = "metric-" + std::to_string(number) + ".gauge";
    series.column.source.heartbeat = Seconds{120};
    series.column.history_start = kLast - Seconds{1100 * 86'400};
    series.column.last_time = kLast;
    for (const RingShape& ring : series.retention.rings) {
        for (std::size_t plane = 0; plane < plane_count(ring); ++plane) {
            std::vector<Value> rows(ring.rows);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                rows[i] = std::sin(static_cast<double>(i + plane + number));
            }
            series.planes.push_back(std::move(rows));
            if (ring.pdp_per_row > 1) series.column.cdps.emplace_back();
        }
    }
    return series;
}

std::int64_t librrd_day(const std::string& path) {
    time_t start = kDay.start.time_since_epoch().count();
    time_t end = kDay.end.time_since_epoch().count();
    unsigned long step = 60;
    unsigned long sources = 0;
    char** names = nullptr;
    rrd_value_t* data = nullptr;
    if (rrd_fetch_r(path.c_str(), "AVERAGE", &start, &end, &step, &sources, &names, &data) != 0) {
        stop(rrd_get_error());
    }
    for (unsigned long i = 0; i < sources; ++i) rrd_freemem(names[i]);
    rrd_freemem(names);
    rrd_freemem(data);
    return (end - start) / static_cast<time_t>(step);
}

}  // namespace kurabe::bench
