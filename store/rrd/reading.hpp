// What a reading, given as text, amounts to since the reading before it, whose text the file keeps.
// Rule: rrdupdate(1) and rrdcreate(1), DS; what counts as a number measured on rrdtool 1.7.2.
#pragma once

#include <string_view>

#include "store/data_source.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// kUnknown for "U...", when `last` is needed and unknown, out of range, or when `interval` seconds
// are more than the heartbeat; then nobody looks at the text. Counters of up to thirty digits are
// subtracted exactly. kInvalid with rrdtool's message for a text that is no reading of the type.
[[nodiscard]] Result<Value> amount_of_reading(const DataSource& source, std::string_view last,
                                              std::string_view reading, double interval);

}  // namespace kurabe::store::rrd
