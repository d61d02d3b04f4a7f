// "/api/v1/events" and "/api/v1/events/ID": what happened, told, listed, taken back; and the same
// in the words of GrowthForecast ("/vrule/api/...") and Mackerel ("/api/v0/graph-annotations").
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "server/event_log.hpp"
#include "server/event_request.hpp"
#include "server/growth_form.hpp"
#include "server/json_answer.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/request_text.hpp"
#include "server/routes.hpp"
#include "server/series_json.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kListedMax = 1000;
constexpr store::Seconds kListedSpan{86'400};

std::unexpected<Error> no_log() {
    return fail(ErrorCode::kUnsupported, "this server keeps no events");
}

Result<Event> told_event(const Visit& visit) {
    const Request& request = visit.request;
    const bool is_json = bare_type(header_value(request, "Content-Type")) == "application/json";
    EventFields fields = request.parameters;
    if (is_json) {
        auto of_json = event_fields_of_json(request.body);
        if (!of_json) return std::unexpected(of_json.error());
        fields = *std::move(of_json);
    } else if (!request.body.empty()) {
        return fail(ErrorCode::kInvalid,
                    "an event is a form, text=deploy&service=shop, or JSON with 'Content-Type: "
                    "application/json'");
    }
    auto event = read_event(fields, visit.parts.zone, visit.parts.now());
    if (event) event->source = "api";
    return event;
}

bool has_section(const Service& service, std::string_view label) {
    return std::ranges::find(service.sections, label, &Section::label) != service.sections.end();
}

bool is_about(const EventScope& scope, const Host& host) {
    return (scope.host.empty() || host.address == scope.host) &&
           (scope.role.empty() || role_of(host.roll->file) == scope.role);
}

// Whether there is a host that is all of it.
bool has_host(const SiteParts& parts, const EventScope& scope) {
    if (scope.service.empty() && scope.section.empty() && scope.role.empty()) return true;
    for (const Service& service : parts.config.services) {
        if (!scope.service.empty() && service.name != scope.service) continue;
        for (const Section& section : service.sections) {
            if (!scope.section.empty() && section.label != scope.section) continue;
            for (const Host& host : section.hosts) {
                if (is_about(scope, host)) return true;
            }
        }
    }
    return false;
}

// What is misspelt would be on no graph, and nobody would know why. Other programs' words are
// theirs.
Result<void> check_scope(const SiteParts& parts, const EventScope& scope) {
    bool has_service = scope.service.empty();
    bool is_section = scope.section.empty();
    bool has_role = scope.role.empty();
    for (const Service& service : parts.config.services) {
        has_service |= service.name == scope.service;
        is_section |= has_section(service, scope.section);
    }
    for (const auto& [address, place] : parts.config.hosts) {
        has_role |= role_of(place.host->roll->file) == scope.role;
    }
    const auto unknown = [](std::string_view what, std::string_view name) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: there is no '{}' in the configuration", what, name));
    };
    if (!has_service) return unknown("service", scope.service);
    if (!is_section) return unknown("section", scope.section);
    if (!has_role) return unknown("role", scope.role);
    if (!scope.host.empty() && !find_host(parts, scope.host)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("host: nothing is known of '{}'; it is an address, or the name of "
                                "one host",
                                scope.host));
    }
    if (has_host(parts, scope)) return {};
    return fail(ErrorCode::kInvalid,
                "service, section, role, host: no host is all of these, the mark would be on no "
                "graph");
}

// By its address or name, when the caller is for it; none is all of them. Whose name it is, others
// are not told.
Result<std::string> host_of(const Visit& visit, std::string_view written) {
    auto address = visit.parts.config.address_of(written);
    const bool is_theirs = address && visit.caller.check_host(*address);
    if (!is_theirs && visit.caller.is_limited()) {
        return fail(ErrorCode::kForbidden, visit.caller.refusal_of(written));
    }
    if (!address) return fail(ErrorCode::kInvalid, "host: " + address.error().message);
    return address;
}

Result<Response> add_event(const Visit& visit) {
    auto event = told_event(visit);
    if (!event) return std::unexpected(event.error());
    auto host = host_of(visit, event->scope.host);
    if (!host) return std::unexpected(host.error());
    event->scope.host = *std::move(host);
    if (auto known = check_scope(visit.parts, event->scope); !known) {
        return std::unexpected(known.error());
    }
    const auto id = visit.parts.events->add(*event, visit.parts.now());
    if (!id) return std::unexpected(id.error());
    event->id = *id;
    return json_answer(event_to_json(*event));
}

// Of a host with all that it inherits, or of everything.
Result<Response> list_events(const Visit& visit) {
    const store::Time now = visit.parts.now();
    Parameters parameters(visit.request);
    const std::string_view from = parameters.text("from");
    const std::string_view to = parameters.text("to");
    const std::string_view name = parameters.text("host");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto host = host_of(visit, name);
    if (!host) return std::unexpected(host.error());
    const auto end =
        to.empty() ? Result<store::Time>(now) : parse_moment(to, visit.parts.zone, now);
    if (!end) return fail(ErrorCode::kInvalid, fmt::format("to: {}", end.error().message));
    const auto begin = from.empty() ? Result<store::Time>(*end - kListedSpan)
                                    : parse_moment(from, visit.parts.zone, now);
    if (!begin) return fail(ErrorCode::kInvalid, fmt::format("from: {}", begin.error().message));
    const EventLog& events = *visit.parts.events;
    return json_answer(events_to_json(
        host->empty()
            ? events.all(*begin, *end, kListedMax)
            : events.of(event_place(visit.parts.config, *host, {}, {}), *begin, *end, kListedMax)));
}

std::optional<std::int64_t> id_of(std::string_view text) {
    std::int64_t id = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, id);
    if (error != std::errc{} || rest != end || id < 1) return std::nullopt;
    return id;
}

// A service of ours when there is one of that name, and a section of it; else GrowthForecast's,
// whose graphs are those of a host (standing_numbers.hpp).
EventScope growth_scope(const Visit& visit) {
    auto names = wildcards_of(*visit.route, visit.request);
    names.resize(3);
    const auto& services = visit.parts.config.services;
    const auto service = std::ranges::find(services, names[0], &Service::name);
    const bool is_ours =
        service != services.end() && (names[1].empty() || has_section(*service, names[1]));
    EventScope scope;
    if (names[0].empty()) return scope;
    if (is_ours) {
        scope.service = names[0];
        scope.section = names[1];
    } else {
        scope.host = fmt::format("service:{}", names[0]);
        scope.plugin = names[1];
    }
    scope.graph = names[2];
    return scope;
}

}  // namespace

Result<Response> events_api(const Visit& visit) {
    if (visit.parts.events == nullptr) return no_log();
    return visit.request.method == "POST" ? add_event(visit) : list_events(visit);
}

Result<Response> event_api(const Visit& visit) {
    if (visit.parts.events == nullptr) return no_log();
    const std::string_view name = wildcards_of(*visit.route, visit.request).front();
    const auto id = id_of(name);
    const auto event = id ? visit.parts.events->find(*id) : std::nullopt;
    // Whose it is, a caller for other hosts is not told.
    if (!event || !visit.caller.check_host(event->scope.host)) {
        return fail(ErrorCode::kNotFound, fmt::format("there is no event {}", name));
    }
    if (visit.request.method == "DELETE") {
        if (auto removed = visit.parts.events->remove(*id); !removed) {
            return std::unexpected(removed.error());
        }
    }
    return json_answer(event_to_json(*event));
}

Result<Response> vrule_api(const Visit& visit) {
    if (visit.parts.events == nullptr) return no_log();
    const auto sent = growth_fields(visit.request);
    if (!sent) return std::unexpected(sent.error());
    EventFields fields;
    for (const auto& [name, value] : *sent) {
        if (name == "description") fields.emplace_back("text", value);
        if (name == "time" || name == "color") fields.emplace_back(name, value);
    }
    auto event = read_event(fields, visit.parts.zone, visit.parts.now());
    if (!event) return std::unexpected(event.error());
    event->source = "growthforecast";
    event->scope = growth_scope(visit);
    if (auto may = visit.caller.check_host(event->scope.host); !may) {
        return std::unexpected(may.error());
    }
    const auto id = visit.parts.events->add(*event, visit.parts.now());
    if (!id) return std::unexpected(id.error());
    event->id = *id;
    return json_answer(fmt::format(R"({{"error":0,"data":{}}})", event_to_json(*event)));
}

Result<Response> annotations_api(const Visit& visit) {
    if (visit.parts.events == nullptr) return no_log();
    auto events = read_annotation(visit.request.body, visit.parts.now());
    if (!events) return std::unexpected(events.error());
    for (Event& event : *events) event.source = "mackerel";
    const auto first = visit.parts.events->add_all(*std::move(events), visit.parts.now());
    if (!first) return std::unexpected(first.error());
    return json_answer(annotation_to_json(visit.request.body, *first));
}

}  // namespace kurabe::server
