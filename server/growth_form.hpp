// The form that GrowthForecast's clients post: number, mode, color, timestamp, datetime and
// description. Rule: docs/operations.md, "GrowthForecast"; RFC 7578 for forms of several parts,
// which `curl -F` sends.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http_types.hpp"
#include "server/standing_numbers.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::server {

inline constexpr std::size_t kGrowthBodyBytesMax = 64 << 10;
inline constexpr std::size_t kDescriptionBytesMax = 1024;

using GrowthFields = std::vector<std::pair<std::string, std::string>>;
// Of the address and of a form of either kind, as they were sent. kInvalid for a body that is none.
[[nodiscard]] Result<GrowthFields> growth_fields(const Request& request);

// Which field is wrong, and what would be right.
struct WrongField {
    std::string field;
    std::string message;
};

// The last of fields that are given twice counts.
[[nodiscard]] std::expected<PostedNumber, WrongField> read_growth_form(const Request& request,
                                                                       const store::TimeZone& zone);

}  // namespace kurabe::server
