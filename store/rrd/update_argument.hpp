// The arguments of an update as text: "TIME:READING:READING..." or "AT-TIME@READING...".
// Rule: rrdupdate(1); order of the checks and messages measured on rrdtool 1.7.2.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Which data sources the readings of an argument are of, in their order.
struct ReadingOrder {
    std::vector<std::size_t> sources;  // a repeated one gets the last of its readings

    // All data sources but the computed ones.
    [[nodiscard]] static ReadingOrder of(const Header& header);
    // As a template such as "a:b:c" names them. kInvalid or kNotFound with rrdtool's message.
    [[nodiscard]] static Result<ReadingOrder> parse(std::string_view text, const Header& header);
};

// What times may be relative to.
struct UpdateClock {
    SampleTime now;
    const TimeZone& zone;
};

// Any number of seconds that a text can say; what an archive accepts is less.
struct UpdateTime {
    std::int64_t seconds = 0;
    std::int64_t micros = 0;
    auto operator<=>(const UpdateTime&) const = default;
};

struct UpdateArgument {
    UpdateTime time;
    std::vector<std::string_view> readings;  // by data source, "U" for those not given
};

// Reads `text` into `into`, whose room is used again and whose readings are views of `text`.
// kInvalid with rrdtool's message. Readings are not looked at: see reading.hpp.
[[nodiscard]] Result<void> parse_update(std::string_view text, const ReadingOrder& order,
                                        std::size_t source_count, const UpdateClock& clock,
                                        UpdateArgument& into);

}  // namespace kurabe::store::rrd
