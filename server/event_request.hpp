// Events as they are told: by our own fields, as a form or as JSON, and by those of GrowthForecast
// and Mackerel. Rule: docs/operations.md, "Marks".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/event.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::server {

// How far ahead a moment may lie: what is planned is worth a mark, a slip of a digit is not.
inline constexpr store::Seconds kEventAheadMax{366 * 86'400};

using EventFields = std::vector<std::pair<std::string, std::string>>;

// The texts and numbers of a JSON object; other values are passed over as texts that nothing is.
[[nodiscard]] Result<EventFields> event_fields_of_json(std::string_view json);

// "text", "time" (now), "end", "color", "service", "section", "role", "host", "plugin", "graph".
// Times are dates, seconds since 1970 or as rrdtool has them ("now-5m"). kInvalid names the field.
[[nodiscard]] Result<Event> read_event(const EventFields& fields, const store::TimeZone& zone,
                                       store::Time now);

// A moment as above.
[[nodiscard]] Result<store::Time> parse_moment(std::string_view text, const store::TimeZone& zone,
                                               store::Time now);

// One event for each of the annotation's roles, or one of its service.
[[nodiscard]] Result<std::vector<Event>> read_annotation(std::string_view json, store::Time now);

// {"id":1,"time":1767323045,"end":...,"text":"...",...}; what says nothing is left out.
[[nodiscard]] std::string event_to_json(const Event& event);
// {"events":[...]}
[[nodiscard]] std::string events_to_json(const std::vector<Event>& events);
// The annotation as it came, with the id.
[[nodiscard]] std::string annotation_to_json(std::string_view json, std::int64_t id);

}  // namespace kurabe::server
