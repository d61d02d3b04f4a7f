// The pages and endpoints, one function each; server/site.cpp routes to them.
#pragma once

#include "server/access/caller.hpp"
#include "server/assets.hpp"
#include "server/graph_service.hpp"
#include "server/http_types.hpp"
#include "server/site.hpp"
#include "server/texts.hpp"

namespace kurabe::server {

struct Route;  // server/routes.hpp

// One request and all that is needed to answer it.
struct Visit {
    const Request& request;
    const Route* route;  // null for what is none of them
    const SiteParts& parts;
    GraphService& graphs;
    const Assets& assets;
    const Texts& texts;
    Caller caller = {};

    // For what is pushed.
    [[nodiscard]] Sender sender() const {
        return {request.peer, caller.is_limited() ? caller.hosts.get() : nullptr, caller.name};
    }
};

// Pages for people.
[[nodiscard]] Result<Response> overview_page(const Visit& visit);  // "/"
[[nodiscard]] Result<Response> server_page(const Visit& visit);    // "/server"
[[nodiscard]] Result<Response> servers_page(const Visit& visit);   // "/servers"

// A PNG, or a text where the parameters make no sense.
[[nodiscard]] Result<Response> graph_endpoint(const Visit& visit);  // "/graph"
// The same by its path, for other pages; what is wrong is a picture, too, or JSON for values.
[[nodiscard]] Result<Response> graph_file(const Visit& visit);  // "/g/HOST/PLUGIN/GRAPH.png"

// A PNG in the place of either, which says why it is not shown; none where no picture is asked for.
[[nodiscard]] std::optional<Response> refused_picture(const Visit& visit, std::string_view reason);

// A PNG of each of several hosts in one answer.
[[nodiscard]] Result<Response> graph_strip(const Visit& visit);  // "/graphs"

// For programs.
[[nodiscard]] Result<Response> host_status_api(const Visit& visit);  // "/api/host-status", JSON
[[nodiscard]] Result<Response> servers_api(const Visit& visit);      // "/api/servers", text
[[nodiscard]] Result<Response> fetch_api(const Visit& visit);        // "/api/fetch", JSON
[[nodiscard]] Result<Response> rrd_api(const Visit& visit);          // "/api/rrd", an .rrd file
[[nodiscard]] Result<Response> series_api(const Visit& visit);       // "/api/series", JSON

// "/api/v1/hosts", "/api/v1/metrics", "/api/v1/data", "/api/v1/statistics": JSON, or CSV for rows.
[[nodiscard]] Result<Response> hosts_api(const Visit& visit);
[[nodiscard]] Result<Response> metrics_api(const Visit& visit);
[[nodiscard]] Result<Response> data_api(const Visit& visit);
[[nodiscard]] Result<Response> statistics_api(const Visit& visit);

// Events, server/events_api.cpp: POST adds, GET lists or shows, DELETE removes.
[[nodiscard]] Result<Response> events_api(const Visit& visit);       // "/api/v1/events"
[[nodiscard]] Result<Response> event_api(const Visit& visit);        // "/api/v1/events/*"
[[nodiscard]] Result<Response> vrule_api(const Visit& visit);        // "/vrule/api/*"
[[nodiscard]] Result<Response> annotations_api(const Visit& visit);  // of Mackerel

[[nodiscard]] Result<Response> metrics_endpoint(const Visit& visit);  // "/metrics", Prometheus

// "/api/v1/lines": writes.
[[nodiscard]] Result<Response> lines_api(const Visit& visit);
// "/api/v1/samples", "/api/v0/tsdb", "/api/v0/services/*/tsdb": write.
[[nodiscard]] Result<Response> samples_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_hosts_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_service_api(const Visit& visit);
// What Mackerel's agent needs besides, server/mackerel_api.cpp: "/api/v0/hosts", "/api/v0/hosts/*",
// and below it "status" and "metadata/*"; "/api/v0/graph-defs/create",
// "/api/v0/monitoring/checks/report".
[[nodiscard]] Result<Response> mackerel_registry_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_host_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_status_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_metadata_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_graphs_api(const Visit& visit);
[[nodiscard]] Result<Response> mackerel_checks_api(const Visit& visit);
// "/api/*/*/*": GET, or POST of a form, which writes.
[[nodiscard]] Result<Response> growth_api(const Visit& visit);

}  // namespace kurabe::server
