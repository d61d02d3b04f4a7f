// "/api/host-status" and "/api/servers": which hosts there are and how they are.
#include <algorithm>

#include <fmt/format.h>

#include "server/host_view.hpp"
#include "server/json_answer.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/series_json.hpp"
#include "server/service_parameter.hpp"

namespace kurabe::server {

Result<Response> host_status_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto addresses = parameters.addresses();
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto damaged = damaged_hosts(visit.parts.store);
    std::vector<std::pair<std::string, int>> states;
    for (const std::string_view address : addresses) {
        states.emplace_back(address, static_cast<int>(host_state(visit.parts, address, damaged)));
    }
    return json_answer(states_to_json(states));
}

Result<Response> servers_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto only = requested_service(parameters, visit.parts.config);
    if (!only) return std::unexpected(only.error());
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-cache");
    for (const Service& service : visit.parts.config.services) {
        if (*only != nullptr && *only != &service) continue;
        for (const Section& section : service.sections) {
            for (const Host& host : section.hosts) {
                response.body +=
                    fmt::format("{} {} {}\n", host.address, host.hostname, host.comments);
            }
        }
    }
    return response;
}

}  // namespace kurabe::server
