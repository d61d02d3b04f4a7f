// "/api/v1/hosts" and "/api/v1/metrics": which hosts there are, how they are, what is stored of
// them.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "render/json_text.hpp"
#include "server/host_view.hpp"
#include "server/json_answer.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/service_parameter.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

using render::json_quoted;

std::string_view state_name(HostState state) {
    switch (state) {
        case HostState::kGood:
            return "good";
        case HostState::kWarning:
            return "warning";
        case HostState::kCritical:
            return "critical";
    }
    return "critical";
}

using DamagedHosts = std::set<std::string, std::less<>>;

std::string plugins_of(const Host& host) {
    std::string list;
    for (const PluginLine& line : host.roll->plugins) {
        list += list.empty() ? "" : ",";
        list += json_quoted(line.identifier());
    }
    return "[" + list + "]";
}

std::string host_object(const SiteParts& parts, const Host& host, std::string_view service,
                        std::string_view section, const DamagedHosts& damaged) {
    return fmt::format(
        "{{\"address\":{},\"hostname\":{},\"comments\":{},\"service\":{},\"section\":{},\"roll\":"
        "{},\"plugins\":{},\"status\":\"{}\"}}",
        json_quoted(host.address), json_quoted(host.hostname), json_quoted(host.comments),
        json_quoted(service), json_quoted(section), json_quoted(host.roll->file), plugins_of(host),
        state_name(host_state(parts, host, damaged)));
}

// One that stands in no service has neither section nor roll, and the plugins of its series.
std::string unlisted_object(const SiteParts& parts, std::string_view address,
                            const DamagedHosts& damaged) {
    const auto found = find_host(parts, address);
    const bool is_readable = found && !found->damage;
    const HostState state =
        is_readable ? host_state(parts, *found->place.host, damaged) : HostState::kCritical;
    return fmt::format(
        "{{\"address\":{0},\"hostname\":{0},\"comments\":\"\",\"service\":null,\"section\":null,"
        "\"roll\":null,\"plugins\":{1},\"status\":\"{2}\"}}",
        json_quoted(address), is_readable ? plugins_of(*found->place.host) : "[]",
        state_name(state));
}

double seconds_of(store::SampleTime time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::string metric_object(const store::SeriesInfo& info) {
    return fmt::format(
        "{{\"series\":{},\"plugin\":{},\"key\":{},\"type\":\"{}\",\"last_update\":{},\"first\":{}}"
        "}",
        json_quoted(info.name.text()), json_quoted(info.name.plugin), json_quoted(info.name.key),
        store::ds_type_name(info.type), render::json_number(seconds_of(info.last_update)),
        info.first.time_since_epoch().count());
}

}  // namespace

Result<Response> hosts_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto only = requested_service(parameters, visit.parts.config);
    if (!only) return std::unexpected(only.error());
    const DamagedHosts damaged = damaged_hosts(visit.parts.store);
    std::string list;
    const auto add = [&list](std::string object) {
        list += list.empty() ? "" : ",";
        list += object;
    };
    for (const Service& service : visit.parts.config.services) {
        if (*only != nullptr && *only != &service) continue;
        for (const Section& section : service.sections) {
            for (const Host& host : section.hosts) {
                add(host_object(visit.parts, host, service.name, section.label, damaged));
            }
        }
    }
    if (*only == nullptr) {
        for (const std::string& address : unlisted_hosts(visit.parts)) {
            add(unlisted_object(visit.parts, address, damaged));
        }
    }
    return json_answer("{\"hosts\":[" + list + "]}");
}

Result<Response> metrics_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const std::string_view host = parameters.required("host");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto address = visit.parts.config.address_of(host);
    if (!address) return std::unexpected(address.error());
    auto series = visit.parts.store.series(*address);
    const bool is_new = !series && series.error().code == ErrorCode::kNotFound &&
                        visit.parts.config.hosts.contains(*address);
    if (!series && !is_new) return std::unexpected(series.error());
    std::string list;
    if (series) {
        for (const store::SeriesInfo& info : *series) {
            list += list.empty() ? "" : ",";
            list += metric_object(info);
        }
    }
    return json_answer(
        fmt::format("{{\"host\":{},\"metrics\":[{}]}}", json_quoted(*address), list));
}

}  // namespace kurabe::server
