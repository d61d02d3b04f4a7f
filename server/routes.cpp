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

constexpr std::array kRoutes{
    Route{"/", overview_page, ErrorForm::kPage},
    Route{"/server", server_page, ErrorForm::kPage},
    Route{"/servers", servers_page, ErrorForm::kPage, Methods::kReadByPost},
    Route{"/graph", graph_endpoint, ErrorForm::kText},
    Route{"/g/*/*/*", graph_file, ErrorForm::kJson},
    Route{"/api/host-status", host_status_api, ErrorForm::kJson, Methods::kReadByPost},
    Route{"/api/servers", servers_api, ErrorForm::kJson},
    Route{"/api/fetch", fetch_api, ErrorForm::kJson},
    Route{"/api/series", series_api, ErrorForm::kJson},
    Route{"/api/rrd", rrd_api, ErrorForm::kJson},
    Route{"/api/v1/hosts", hosts_api, ErrorForm::kJson},
    Route{"/api/v1/metrics", metrics_api, ErrorForm::kJson},
    Route{"/api/v1/data", data_api, ErrorForm::kJson, Methods::kReadByPost},
    Route{"/api/v1/statistics", statistics_api, ErrorForm::kJson, Methods::kReadByPost},
    Route{"/api/v1/lines", lines_api, ErrorForm::kJson, Methods::kWrite, kLinesBodyBytesMax},
    Route{"/api/v1/samples", samples_api, ErrorForm::kJson, Methods::kWrite, kLinesBodyBytesMax},
    Route{"/api/v0/tsdb", mackerel_hosts_api, ErrorForm::kMackerel, Methods::kWrite,
          kLinesBodyBytesMax},
    Route{"/api/v0/services/*/tsdb", mackerel_service_api, ErrorForm::kMackerel, Methods::kWrite,
          kLinesBodyBytesMax},
    Route{"/api/v1/events", events_api, ErrorForm::kJson, Methods::kWriteForm, kEventBodyBytesMax},
    Route{"/api/v1/events/*", event_api, ErrorForm::kJson, Methods::kReadOrDelete},
    Route{"/api/v0/graph-annotations", annotations_api, ErrorForm::kMackerel, Methods::kWrite,
          kEventBodyBytesMax},
    Route{"/vrule/api", vrule_api, ErrorForm::kGrowth, Methods::kWriteForm, kEventBodyBytesMax},
    Route{"/vrule/api/*", vrule_api, ErrorForm::kGrowth, Methods::kWriteForm, kEventBodyBytesMax},
    Route{"/vrule/api/*/*", vrule_api, ErrorForm::kGrowth, Methods::kWriteForm, kEventBodyBytesMax},
    Route{"/vrule/api/*/*/*", vrule_api, ErrorForm::kGrowth, Methods::kWriteForm,
          kEventBodyBytesMax},
    Route{"/health", health, ErrorForm::kText},
    // Behind all others, because it matches what may be theirs.
    Route{"/api/*/*/*", growth_api, ErrorForm::kGrowth, Methods::kWriteForm, kGrowthBodyBytesMax},
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

}  // namespace

std::span<const Route> routes() noexcept {
    return kRoutes;
}

bool writes(const Route& route, const Request& head) noexcept {
    return route.methods == Methods::kWrite ||
           (route.methods == Methods::kWriteForm && head.method == "POST") ||
           (route.methods == Methods::kReadOrDelete && head.method == "DELETE");
}

const Route* find_route(const Request& request) {
    const auto exact = std::ranges::find(kRoutes, request.path, &Route::path);
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
