// Routes requests to pages and endpoints, and gives errors the form that their readers expect.
#include "server/site.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "server/http_error.hpp"
#include "server/page_parts.hpp"
#include "server/pages.hpp"
#include "server/series_json.hpp"

namespace kurabe::server {
namespace {

// How a client reads an error.
enum class ErrorForm { kPage, kText, kJson };

Result<Response> health(const Visit&) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = "ok\n";
    return response;
}

struct Route {
    std::string_view path;
    Result<Response> (*answer)(const Visit&);
    ErrorForm errors;
    bool takes_post = false;  // for more parameters than an address holds; changes nothing either
};

constexpr std::array kRoutes{
    Route{"/", overview_page, ErrorForm::kPage},
    Route{"/server", server_page, ErrorForm::kPage},
    Route{"/servers", servers_page, ErrorForm::kPage, true},
    Route{"/graph", graph_endpoint, ErrorForm::kText},
    Route{"/api/host-status", host_status_api, ErrorForm::kJson, true},
    Route{"/api/servers", servers_api, ErrorForm::kText},
    Route{"/api/fetch", fetch_api, ErrorForm::kJson},
    Route{"/api/series", series_api, ErrorForm::kJson},
    Route{"/api/rrd", rrd_api, ErrorForm::kJson},
    Route{"/health", health, ErrorForm::kText},
};

Response error_response(const Visit& visit, ErrorForm form, const Error& error) {
    const int status = http_status(error.code);
    const std::string text = client_text(error);
    if (form == ErrorForm::kPage) return message_page(visit, status, text);
    Response response;
    response.status = status;
    response.headers.emplace_back("Cache-Control", "no-store");
    if (form == ErrorForm::kJson) {
        response.content_type = "application/json";
        response.body = error_to_json(error.code, text);
    } else {
        response.content_type = "text/plain; charset=utf-8";
        response.body = text + "\n";
    }
    return response;
}

Response method_not_allowed(std::string_view allowed) {
    Response response;
    response.status = 405;
    response.headers.emplace_back("Allow", allowed);
    response.content_type = "text/plain; charset=utf-8";
    response.body = fmt::format("only {} is answered here\n", allowed);
    return response;
}

bool only_reads(const Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

Response follow(const Route& route, const Visit& visit) {
    if (!only_reads(visit.request) && !(route.takes_post && visit.request.method == "POST")) {
        return method_not_allowed(route.takes_post ? "GET, HEAD, POST" : "GET, HEAD");
    }
    auto response = route.answer(visit);
    if (response) return *std::move(response);
    if (http_status(response.error().code) >= 500) {
        visit.parts.log.error("request failed",
                              {{"path", visit.request.path}, {"reason", response.error().message}});
    }
    return error_response(visit, route.errors, response.error());
}

Response route(const Visit& visit) {
    const std::string& path = visit.request.path;
    const auto found = std::ranges::find(kRoutes, path, &Route::path);
    if (found != kRoutes.end()) return follow(*found, visit);
    if (const Asset* asset = visit.assets.find(path)) {
        return only_reads(visit.request) ? asset_response(*asset, visit.request)
                                         : method_not_allowed("GET, HEAD");
    }
    return message_page(visit, 404, fmt::format("no page {}", path));
}

}  // namespace

struct Site::Parts {
    explicit Parts(SiteParts parts) : given(std::move(parts)), graphs(given) {}
    SiteParts given;
    GraphService graphs;
    Assets assets;
};

Site::Site(SiteParts parts) : parts_(std::make_unique<Parts>(std::move(parts))) {}

Site::~Site() = default;

Response Site::answer(const Request& request) {
    Response response;
    try {
        response = route({request, parts_->given, parts_->graphs, parts_->assets,
                          choose_texts(header_value(request, "Accept-Language"))});
    } catch (const std::exception& error) {
        parts_->given.log.error("request failed",
                                {{"path", request.path}, {"reason", error.what()}});
        response = {.status = 500,
                    .content_type = "text/plain; charset=utf-8",
                    .headers = {},
                    .body = "the server failed; its log has the reason\n"};
    }
    add_security_headers(response);
    return response;
}

}  // namespace kurabe::server
