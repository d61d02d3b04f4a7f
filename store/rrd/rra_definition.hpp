// RRAs from their definitions: "RRA:AVERAGE:0.5:1:2880", and the Holt-Winters family with the
// companions that "RRA:HWPREDICT:..." brings along.
// Rule and messages: rrdcreate(1), RRA, as measured on rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/records.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// What a definition is read for.
struct RraContext {
    Seconds step{1};
    std::size_t index = 0;       // how many RRAs come before
    std::string_view file_name;  // as the caller spells it; decides when seasons are smoothed
};

struct RraDefinition {
    std::vector<RraRecord> records;  // one, or five when the companions are implied
    bool needs_smoothing = false;    // a smoothing window was given, which old programs ignore
};

// `text` follows "RRA:". kInvalid with rrdtool's message. The RRAs that it names by number may
// still be missing.
[[nodiscard]] Result<RraDefinition> parse_rra(std::string_view text, const RraContext& context);

}  // namespace kurabe::store::rrd
