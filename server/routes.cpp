// The table, and how a path is found in it.
#include "server/routes.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <span>

#include "server/growth_form.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kAny = "*";
constexpr std::size_t kEventBodyBytesMax = 64 << 10;

Result<Response> health(const Visit&) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = "ok\n";
    return response;
}

constexpr auto kParameters = HostsIn::kParameters;

// GrowthForecast's, of everything, a service, a section, a graph.
constexpr Route vrule_route(std::string_view path) {
    return {.path = path,
            .answer = vrule_api,
            .errors = ErrorForm::kGrowth,
            .methods = Methods::kPostForm,
            .body_bytes_max = kEventBodyBytesMax,
            .hosts_in = HostsIn::kAnswer};
}

constexpr std::array kRoutes{
    Route{"/", overview_page, ErrorForm::kPage},
    Route{.path = "/server",
          .answer = server_page,
          .errors = ErrorForm::kPage,
          .hosts_in = kParameters},
    Route{.path = "/servers",
          .answer = servers_page,
          .errors = ErrorForm::kPage,
          .methods = Methods::kReadByPost,
          .hosts_in = kParameters},
    Route{.path = "/graph",
          .answer = graph_endpoint,
          .errors = ErrorForm::kText,
          .needs = Needs::kLoginOrSignature,
          .hosts_in = kParameters},
    Route{.path = "/graphs",
          .answer = graph_strip,
          .errors = ErrorForm::kText,
          .hosts_in = kParameters},
    Route{.path = "/g/*/*/*",
          .answer = graph_file,
          .errors = ErrorForm::kJson,
          .needs = Needs::kLoginOrSignature,
          .hosts_in = HostsIn::kPath},
    Route{.path = "/api/host-status",
          .answer = host_status_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kReadByPost,
          .hosts_in = kParameters},
    Route{"/api/servers", servers_api, ErrorForm::kJson},
    Route{.path = "/api/fetch",
          .answer = fetch_api,
          .errors = ErrorForm::kJson,
          .hosts_in = kParameters},
    Route{.path = "/api/series",
          .answer = series_api,
          .errors = ErrorForm::kJson,
          .hosts_in = kParameters},
    Route{
        .path = "/api/rrd", .answer = rrd_api, .errors = ErrorForm::kJson, .hosts_in = kParameters},
    Route{"/api/v1/hosts", hosts_api, ErrorForm::kJson},
    Route{.path = "/api/v1/metrics",
          .answer = metrics_api,
          .errors = ErrorForm::kJson,
          .hosts_in = kParameters},
    Route{.path = "/api/v1/data",
          .answer = data_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kReadByPost,
          .hosts_in = kParameters},
    Route{.path = "/api/v1/statistics",
          .answer = statistics_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kReadByPost,
          .hosts_in = kParameters},
    Route{.path = "/api/v1/lines",
          .answer = lines_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kWrite,
          .body_bytes_max = kLinesBodyBytesMax,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v1/samples",
          .answer = samples_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kWrite,
          .body_bytes_max = kLinesBodyBytesMax,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/tsdb",
          .answer = mackerel_hosts_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kWrite,
          .body_bytes_max = kLinesBodyBytesMax,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/services/*/tsdb",
          .answer = mackerel_service_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kWrite,
          .body_bytes_max = kLinesBodyBytesMax,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/hosts",
          .answer = mackerel_registry_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kAgentPost,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/hosts/*",
          .answer = mackerel_host_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kAgentPut,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/hosts/*/status",
          .answer = mackerel_status_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kWrite,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v0/hosts/*/metadata/*",
          .answer = mackerel_metadata_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kAgentPut,
          .hosts_in = HostsIn::kLines},
    // Of all hosts.
    Route{"/api/v0/graph-defs/create", mackerel_graphs_api, ErrorForm::kMackerel, Methods::kWrite},
    Route{.path = "/api/v0/monitoring/checks/report",
          .answer = mackerel_checks_api,
          .errors = ErrorForm::kMackerel,
          .methods = Methods::kWrite,
          .hosts_in = HostsIn::kLines},
    Route{.path = "/api/v1/events",
          .answer = events_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kWriteForm,
          .body_bytes_max = kEventBodyBytesMax,
          .hosts_in = HostsIn::kAnswer},
    Route{.path = "/api/v1/events/*",
          .answer = event_api,
          .errors = ErrorForm::kJson,
          .methods = Methods::kReadOrDelete,
          .hosts_in = HostsIn::kAnswer},
    Route{"/api/v0/graph-annotations", annotations_api, ErrorForm::kMackerel, Methods::kWrite,
          kEventBodyBytesMax},
    vrule_route("/vrule/api"),
    vrule_route("/vrule/api/*"),
    vrule_route("/vrule/api/*/*"),
    vrule_route("/vrule/api/*/*/*"),
    Route{
        .path = "/health", .answer = health, .errors = ErrorForm::kText, .needs = Needs::kNothing},
    Route{
        .path = "/healthz", .answer = health, .errors = ErrorForm::kText, .needs = Needs::kNothing},
    Route{"/metrics", metrics_endpoint, ErrorForm::kText},
    // Behind all others, because it matches what may be theirs.
    Route{.path = "/api/*/*/*",
          .answer = growth_api,
          .errors = ErrorForm::kGrowth,
          .methods = Methods::kWriteForm,
          .body_bytes_max = kGrowthBodyBytesMax,
          .hosts_in = HostsIn::kAnswer},
};

// "/api/v1/lines" -> "api", "v1", "lines"
auto segments_of(std::string_view path) {
    return path.substr(1) | std::views::split('/') |
           std::views::transform([](auto part) { return std::string_view(part); });
}

bool matches(const Route& route, const Request& request) {
    const auto same = [](std::string_view pattern, std::string_view segment) {
        return pattern == kAny ? !segment.empty() : pattern == segment;
    };
    return std::ranges::equal(segments_of(route.path), request.segments, same);
}

bool is_of_agents(const Route& route) {
    return route.methods == Methods::kAgentPost || route.methods == Methods::kAgentPut;
}

}  // namespace

std::span<const Route> routes() noexcept {
    return kRoutes;
}

bool writes(const Route& route, const Request& head) noexcept {
    return route.methods == Methods::kWrite || route.methods == Methods::kPostForm ||
           is_of_agents(route) || (route.methods == Methods::kWriteForm && head.method == "POST") ||
           (route.methods == Methods::kReadOrDelete && head.method == "DELETE");
}

const Route* find_route(const Request& request) {
    // A pattern is no path: "/api%2F*%2F*%2F*" has one segment and none in the place of a "*".
    const auto exact = std::ranges::find_if(kRoutes, [&request](const Route& route) {
        return route.path == request.path && route.path.find(kAny) == std::string_view::npos;
    });
    if (exact != kRoutes.end()) return &*exact;
    const auto found = std::ranges::find_if(
        kRoutes, [&request](const Route& route) { return matches(route, request); });
    return found == kRoutes.end() ? nullptr : &*found;
}

std::vector<std::string_view> wildcards_of(const Route& route, const Request& request) {
    std::vector<std::string_view> found;
    std::size_t at = 0;
    for (const std::string_view pattern : segments_of(route.path)) {
        if (pattern == kAny && at < request.segments.size()) {
            found.emplace_back(request.segments[at]);
        }
        ++at;
    }
    return found;
}

}  // namespace kurabe::server
