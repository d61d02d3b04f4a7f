// The texts of a standing number: as it is kept, and as GrowthForecast answers.
#pragma once

#include <string>
#include <string_view>

#include "server/standing_numbers.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::server {

// JSON on one line; parse_standing_text takes it back. kInvalid for anything else.
[[nodiscard]] std::string standing_text(const StandingNumber& number);
[[nodiscard]] Result<StandingNumber> parse_standing_text(std::string_view text);

// {"service_name":"...","section_name":"...","graph_name":"...","number":7,"mode":"gauge",
// "color":"#0072b2","description":"","created_at":"2026/01/02 03:04:05","updated_at":"..."}
[[nodiscard]] std::string growth_row_to_json(const StandingPath& path, const StandingNumber& number,
                                             const store::TimeZone& zone);
// {"error":0,"data":{...}}
[[nodiscard]] std::string growth_success_to_json(const StandingPath& path,
                                                 const StandingNumber& number,
                                                 const store::TimeZone& zone);
// {"error":1,"messages":{"number":"..."}}
[[nodiscard]] std::string growth_error_to_json(std::string_view field, std::string_view message);

// A text of JSON, with its quotes; malformed UTF-8 is replaced.
[[nodiscard]] std::string in_json_quotes(std::string_view text);

}  // namespace kurabe::server
