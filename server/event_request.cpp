// Reads and writes events. A wrapper of nlohmann-json.
#include "server/event_request.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "server/event_log.hpp"
#include "server/term.hpp"
#include "store/ascii.hpp"
#include "store/at_time.hpp"
#include "store/range_check.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kUsualText = "event";
constexpr std::size_t kRolesMax = 100;

Result<std::string> one_line(std::string_view name, std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        return fail(ErrorCode::kInvalid, fmt::format("{} is over {} bytes", name, bytes_max));
    }
    std::string line(text);
    std::ranges::replace_if(line, store::is_control, ' ');
    for (std::string_view rest = line; !rest.empty();) {
        const std::size_t length = store::utf8_length(rest);
        if (length == 0) return fail(ErrorCode::kInvalid, fmt::format("{} is not UTF-8", name));
        rest.remove_prefix(length);
    }
    return line;
}

bool is_color(std::string_view text) {
    constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
    return text.size() == 7 && text.front() == '#' &&
           text.find_first_not_of(kHexDigits, 1) == std::string_view::npos;
}

std::string_view field_of(const EventFields& fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &EventFields::value_type::first);
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

Result<void> read_times(const EventFields& fields, const store::TimeZone& zone, store::Time now,
                        Event& event) {
    const std::string_view begin = field_of(fields, "time");
    const auto time = begin.empty() ? Result<store::Time>(now) : parse_moment(begin, zone, now);
    if (!time) {
        return fail(ErrorCode::kInvalid, fmt::format("time: {}", time.error().message));
    }
    event.time = *time;
    const std::string_view end = field_of(fields, "end");
    if (end.empty()) return {};
    const auto ended = parse_moment(end, zone, now);
    if (!ended) return fail(ErrorCode::kInvalid, fmt::format("end: {}", ended.error().message));
    if (*ended < *time) return fail(ErrorCode::kInvalid, "end is before time");
    if (*ended > *time) event.end = *ended;
    return {};
}

constexpr std::array kScopeFields{
    std::pair{"service", &EventScope::service}, std::pair{"section", &EventScope::section},
    std::pair{"role", &EventScope::role},       std::pair{"host", &EventScope::host},
    std::pair{"plugin", &EventScope::plugin},   std::pair{"graph", &EventScope::graph},
};

Result<void> check_names(const EventFields& fields) {
    constexpr std::array<std::string_view, 10> kNames{
        "text", "time", "end", "color", "service", "section", "role", "host", "plugin", "graph"};
    for (const auto& [name, value] : fields) {
        if (std::ranges::find(kNames, name) != kNames.end()) continue;
        return fail(ErrorCode::kInvalid, fmt::format("unknown field '{}'; known are {}",
                                                     name.substr(0, 100), fmt::join(kNames, ", ")));
    }
    return {};
}

Json json_of(const Event& event) {
    Json json{{"id", event.id},
              {"time", event.time.time_since_epoch().count()},
              {"text", event.text},
              {"source", event.source}};
    if (event.end) json["end"] = event.end->time_since_epoch().count();
    if (!event.color.empty()) json["color"] = event.color;
    for (const auto& [name, member] : kScopeFields) {
        if (!(event.scope.*member).empty()) json[name] = event.scope.*member;
    }
    return json;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<store::Time> epoch_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_integer()) {
        return fail(ErrorCode::kInvalid, fmt::format("{} is no number of seconds", name));
    }
    return store::Time(store::Seconds(found->get<std::int64_t>()));
}

std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> check_range(store::Time begin, store::Time end, store::Time now) {
    if (begin < store::kEarliestStart) return fail(ErrorCode::kInvalid, "is before 1980");
    if (end > now + kEventAheadMax) {
        return fail(ErrorCode::kInvalid, "is more than a year ahead");
    }
    return {};
}

}  // namespace

Result<store::Time> parse_moment(std::string_view text, const store::TimeZone& zone,
                                 store::Time now) {
    auto time = parse_date(text, zone);
    // In rrdtool's grammar a small number is an hour.
    const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
    if (!time && !is_number) time = store::parse_time(text, now, zone);
    if (!time) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no time; write 2026-01-31 10:30, seconds since 1970, or "
                                "now-5min",
                                text.substr(0, 100)));
    }
    if (auto checked = check_range(*time, *time, now); !checked) {
        return std::unexpected(checked.error());
    }
    return time;
}

Result<EventFields> event_fields_of_json(std::string_view json) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) {
        return fail(ErrorCode::kInvalid, "the body is no JSON object, {\"text\": \"...\"}");
    }
    EventFields fields;
    for (const auto& [name, value] : parsed.items()) {
        if (value.is_null()) continue;
        if (value.is_string()) {
            fields.emplace_back(name, value.get<std::string>());
        } else if (value.is_number_integer()) {
            fields.emplace_back(name, std::to_string(value.get<std::int64_t>()));
        } else if (value.is_number()) {
            fields.emplace_back(name, fmt::format("{:.0f}", value.get<double>()));
        } else {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{} is neither text nor number", name.substr(0, 100)));
        }
    }
    return fields;
}

Result<Event> read_event(const EventFields& fields, const store::TimeZone& zone, store::Time now) {
    if (auto checked = check_names(fields); !checked) return std::unexpected(checked.error());
    Event event;
    auto text = one_line("text", field_of(fields, "text"), kEventTextBytesMax);
    if (!text) return std::unexpected(text.error());
    event.text = text->empty() ? std::string(kUsualText) : *std::move(text);
    if (auto read = read_times(fields, zone, now, event); !read) {
        return std::unexpected(read.error());
    }
    event.color = field_of(fields, "color");
    if (!event.color.empty() && !is_color(event.color)) {
        return fail(ErrorCode::kInvalid, "color is not of the form #rrggbb");
    }
    for (const auto& [name, member] : kScopeFields) {
        auto part = one_line(name, field_of(fields, name), store::kPluginBytesMax);
        if (!part) return std::unexpected(part.error());
        event.scope.*member = *std::move(part);
    }
    event.scope.role = role_of(event.scope.role);
    return event;
}

Result<std::vector<Event>> read_annotation(std::string_view json, store::Time now) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) return fail(ErrorCode::kInvalid, "the body is no JSON object");
    const auto from = epoch_of(parsed, "from");
    if (!from) return std::unexpected(from.error());
    const auto to = parsed.contains("to") ? epoch_of(parsed, "to") : from;
    if (!to) return std::unexpected(to.error());
    if (*to < *from) return fail(ErrorCode::kInvalid, "to is before from");
    if (auto checked = check_range(*from, *to, now); !checked) {
        return fail(ErrorCode::kInvalid, "from, or to, " + checked.error().message);
    }
    auto title = one_line("title", text_of(parsed, "title"), kEventTextBytesMax);
    if (!title) return std::unexpected(title.error());
    auto service = one_line("service", text_of(parsed, "service"), store::kPluginBytesMax);
    if (!service) return std::unexpected(service.error());
    if (service->empty()) return fail(ErrorCode::kInvalid, "service is missing");
    Event event{.time = *from, .text = title->empty() ? std::string(kUsualText) : *title};
    if (*to > *from) event.end = *to;
    event.scope.service = *service;
    const auto roles = parsed.find("roles");
    if (roles == parsed.end() || !roles->is_array() || roles->empty()) {
        return std::vector<Event>{event};
    }
    if (roles->size() > kRolesMax) {
        return fail(ErrorCode::kInvalid, fmt::format("more than {} roles", kRolesMax));
    }
    std::vector<Event> events;
    for (const Json& role : *roles) {
        if (!role.is_string()) return fail(ErrorCode::kInvalid, "a role is no text");
        auto name = one_line("role", role.get<std::string>(), store::kPluginBytesMax);
        if (!name) return std::unexpected(name.error());
        event.scope.section = *std::move(name);
        events.push_back(event);
    }
    return events;
}

std::string event_to_json(const Event& event) {
    return dump(json_of(event));
}

std::string events_to_json(const std::vector<Event>& events) {
    Json list = Json::array();
    for (const Event& event : events) list.push_back(json_of(event));
    return dump({{"events", std::move(list)}});
}

std::string annotation_to_json(std::string_view json, std::int64_t id) {
    Json parsed = Json::parse(json, nullptr, false);
    parsed["id"] = std::to_string(id);
    return dump(parsed);
}

}  // namespace kurabe::server
