// What one reading of a data source (DS) amounts to since the reading before it.
// Rule: rrdcreate(1), DS; wraps and signs as measured on rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <algorithm>

#include "store/sample.hpp"
#include "store/types.hpp"

namespace kurabe::store {

struct DataSource {
    DsType type = DsType::kGauge;
    Seconds heartbeat{};       // longest silence that still counts as known
    Value minimum = kUnknown;  // of the rate; unknown is unlimited
    Value maximum = kUnknown;

    // The same where a longer silence counts as known, see Store::append().
    [[nodiscard]] DataSource with_heartbeat(Seconds longer) const noexcept {
        return {type, std::max(heartbeat, longer), minimum, maximum};
    }
};

// Seconds from one sample to the next, with the rounding of rrdtool.
[[nodiscard]] double seconds_between(SampleTime last, SampleTime now) noexcept;

// The amount that accumulated in the `interval` seconds between the readings `last` and `now`: rate
// x interval. kUnknown when a reading is missing where it is needed, when the silence was longer
// than the heartbeat, or when the rate is out of range.
[[nodiscard]] Value amount_of(const DataSource& source, const RawValue& last, const RawValue& now,
                              double interval) noexcept;

// `amount`, or kUnknown when the rate is out of range.
[[nodiscard]] Value amount_in_range(const DataSource& source, Value amount,
                                    double interval) noexcept;

}  // namespace kurabe::store
