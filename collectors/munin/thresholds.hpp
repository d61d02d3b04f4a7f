// `warning` and `critical` of Munin's fields: whether a value is outside of its range.
// Rule: Munin's guide, "fieldname.warning": "max", "min:max", "min:", ":max".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "collectors/munin/answer.hpp"

namespace kurabe::collectors::munin {

struct Range {
    std::optional<double> min;
    std::optional<double> max;

    [[nodiscard]] bool holds(double value) const noexcept {
        return !(min && value < *min) && !(max && value > *max);
    }
};

// None when the text is no range; both ends absent: all values are in it.
[[nodiscard]] std::optional<Range> parse_range(std::string_view text);

// "critical: 97.2 is outside of 0:95", of the worse of the two; none when all is well.
[[nodiscard]] std::optional<std::string> judge(const Field& field, double value);

}  // namespace kurabe::collectors::munin
