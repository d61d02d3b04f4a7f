// Routes requests to pages and endpoints, and gives errors the form that their readers expect.
#include "server/site.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "server/access/access_control.hpp"
#include "server/host_view.hpp"
#include "server/http_error.hpp"
#include "server/page_parts.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/routes.hpp"
#include "server/series_json.hpp"
#include "server/standing_text.hpp"
#include "server/underway.hpp"
#include "server/write_rules.hpp"

namespace kurabe::server {
namespace {

// What requests that write may be under way: a body that is being unpacked counts as a whole one.
constexpr Underway::Amount kWritesUnderwayMax{.requests = 32, .bytes = 256 << 20};
constexpr std::string_view kSecondsToWait = "1";

Response json_response(ErrorForm form, int status, ErrorCode code, std::string_view text) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.content_type = "application/json";
    switch (form) {
        case ErrorForm::kMackerel:
            response.body = mackerel_error_to_json(text);
            break;
        case ErrorForm::kGrowth:
            response.body = growth_error_to_json("request", text);
            break;
        default:
            response.body = error_to_json(code, text);
    }
    return response;
}

Response text_response(int status, std::string_view text) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.content_type = "text/plain; charset=utf-8";
    response.body = fmt::format("{}\n", text);
    return response;
}

Response error_response(const Visit& visit, ErrorForm form, const Error& error) {
    const int status = http_status(error.code);
    const std::string text = client_text(error);
    if (form == ErrorForm::kPage) return message_page(visit, status, text);
    if (form != ErrorForm::kText) return json_response(form, status, error.code, text);
    return text_response(status, text);
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

// Of a request whose method is not among the route's.
std::optional<Response> wrong_method(const Route& route, const Request& request) {
    const bool reads = only_reads(request);
    const bool posts = request.method == "POST";
    switch (route.methods) {
        case Methods::kRead:
            if (!reads) return method_not_allowed("GET, HEAD");
            break;
        case Methods::kReadByPost:
            if (!reads && !posts) return method_not_allowed("GET, HEAD, POST");
            break;
        case Methods::kWriteForm:
            if (!reads && !posts) return method_not_allowed("GET, HEAD, POST");
            break;
        case Methods::kReadOrDelete:
            if (!reads && request.method != "DELETE") {
                return method_not_allowed("GET, HEAD, DELETE");
            }
            break;
        case Methods::kAgentPost:
            if (!reads && !posts) return method_not_allowed("GET, HEAD, POST");
            break;
        case Methods::kAgentPut:
            if (!reads && request.method != "PUT") return method_not_allowed("GET, HEAD, PUT");
            break;
        case Methods::kWrite:
        case Methods::kPostForm:
            if (!posts) return method_not_allowed("POST");
            break;
    }
    return std::nullopt;
}

// What of a request for the route can be refused when only its head is known.
std::optional<Response> refuse_head(const Route& route, const Request& head, bool may_write) {
    if (auto refused = wrong_method(route, head)) return in_form_of(route.path, *refused);
    if (!writes(route, head)) return std::nullopt;
    const bool is_text = route.methods == Methods::kWrite || route.methods == Methods::kAgentPost ||
                         route.methods == Methods::kAgentPut;
    const auto refusal =
        write_refusal(head, may_write, is_text ? WrittenBody::kText : WrittenBody::kForm);
    if (!refusal) return std::nullopt;
    return json_response(route.errors, refusal->status, ErrorCode::kUnsupported, refusal->reason);
}

void add_terms(Response& response, const AccessRefusal& refusal) {
    if (!refusal.challenge.empty()) {
        response.headers.emplace_back("WWW-Authenticate", refusal.challenge);
    }
    if (!refusal.wait_seconds.empty()) {
        response.headers.emplace_back("Retry-After", refusal.wait_seconds);
    }
}

// As a page where pages are; where an address is embedded that was good, as a picture: nobody reads
// what else an <img> gets.
Response refused_response(const Visit& visit, const AccessRefusal& refusal) {
    if (refusal.has_expired) {
        if (auto picture = refused_picture(visit, refusal.reason)) return *std::move(picture);
    }
    const bool is_api = visit.request.path.starts_with("/api/");
    const bool is_page = visit.route == nullptr ? !is_api : visit.route->errors == ErrorForm::kPage;
    Response response =
        is_page ? message_page(visit, refusal.status, refusal.reason)
                : in_form_of(visit.request.path, text_response(refusal.status, refusal.reason));
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "Cache-Control"; });
    response.headers.emplace_back("Cache-Control", "no-store");
    add_terms(response, refusal);
    return response;
}

Response refuse(const Visit& visit, const AccessRefusal& refusal) {
    if (AccessControl* const access = visit.parts.access; access != nullptr) {
        access->tell_refused(visit.request, refusal, visit.parts.now());
    }
    return refused_response(visit, refusal);
}

// Finds out who asks; the answer when they may not.
std::optional<Response> admit(Visit& visit) {
    AccessControl* const access = visit.parts.access;
    if (access == nullptr) {
        visit.caller = {.reads = true, .writes = true};
        return std::nullopt;
    }
    auto caller = access->admit(visit.request, visit.route, visit.parts.config, visit.parts.now());
    if (caller) {
        visit.caller = *std::move(caller);
        return std::nullopt;
    }
    return refuse(visit, caller.error());
}

// What one of many users was shown must not be kept for the others.
void keep_personal(Response& response) {
    constexpr std::string_view kPublic = "public";
    for (auto& [name, value] : response.headers) {
        if (name == "Cache-Control" && value.starts_with(kPublic)) {
            value.replace(0, kPublic.size(), "private");
        }
    }
}

Response follow(const Route& route, Visit& visit) {
    if (auto refused = refuse_head(route, visit.request, visit.parts.intake != nullptr)) {
        return *std::move(refused);
    }
    if (auto refused = admit(visit)) return *std::move(refused);
    auto response = route.answer(visit);
    AccessControl* const access = visit.parts.access;
    if (response && access != nullptr) {
        if (writes(route, visit.request)) {
            access->tell_write(visit.request, visit.caller, response->status, visit.parts.now());
        }
        if (access->is_personal() && route.needs != Needs::kNothing) keep_personal(*response);
    }
    if (response) return *std::move(response);
    if (response.error().code == ErrorCode::kForbidden) {
        return refuse(
            visit,
            {.status = 403, .reason = client_text(response.error()), .name = visit.caller.name});
    }
    if (http_status(response.error().code) >= 500) {
        visit.parts.log.error("request failed",
                              {{"path", visit.request.path}, {"reason", response.error().message}});
    }
    return error_response(visit, route.errors, response.error());
}

Response route(Visit& visit) {
    const std::string& path = visit.request.path;
    if (visit.route != nullptr) return follow(*visit.route, visit);
    if (const Asset* asset = visit.assets.find(path)) {
        return only_reads(visit.request) ? asset_response(*asset, visit.request)
                                         : method_not_allowed("GET, HEAD");
    }
    if (auto refused = admit(visit)) return *std::move(refused);
    if (path.starts_with("/api/")) {
        return json_response(ErrorForm::kJson, 404, ErrorCode::kNotFound,
                             fmt::format("no {} in this API", path));
    }
    return message_page(visit, 404, fmt::format("no page {}", path));
}

// Before the body of somebody who is none of ours is read.
std::optional<Response> refuse_stranger(const SiteParts& parts, const Route& route,
                                        const Request& head) {
    if (parts.access == nullptr) return std::nullopt;
    const store::Time now = parts.now();
    const auto refusal = parts.access->refuse_head(head, route, now);
    if (!refusal) return std::nullopt;
    parts.access->tell_refused(head, *refusal, now);
    Response response = in_form_of(head.path, text_response(refusal->status, refusal->reason));
    add_terms(response, *refusal);
    return response;
}

}  // namespace

struct Site::Parts {
    explicit Parts(SiteParts parts)
        : given(std::move(parts)), graphs(given), underway(kWritesUnderwayMax) {
        given.told = &told;
    }
    SiteParts given;
    ToldDefinitions told;
    GraphService graphs;
    Assets assets;
    Underway underway;
};

Site::Site(SiteParts parts) : parts_(std::make_unique<Parts>(std::move(parts))) {}

Site::~Site() = default;

BodyDecision Site::decide_body(const Request& head, std::optional<std::size_t> length) {
    const Route* const route = find_route(head);
    if (route == nullptr) return {};
    if (auto refused = refuse_head(*route, head, parts_->given.intake != nullptr)) {
        return {.refusal = std::move(refused)};
    }
    if (auto refused = refuse_stranger(parts_->given, *route, head)) {
        return {.refusal = std::move(refused)};
    }
    if (!writes(*route, head)) return {};
    const std::size_t most = route->body_bytes_max;
    const bool is_packed = header_value(head, "Content-Encoding") == "gzip";
    const std::size_t bytes = std::min(length.value_or(most), most) + (is_packed ? most : 0);
    BodyDecision decision{.bytes_max = most, .kept = parts_->underway.begin(bytes)};
    if (decision.kept != nullptr) return decision;
    Response busy =
        json_response(route->errors, 429, ErrorCode::kLimit, "too much is under way; try again");
    busy.headers.emplace_back("Retry-After", kSecondsToWait);
    return {.refusal = std::move(busy)};
}

Response Site::answer(const Request& request) {
    Response response;
    try {
        Visit visit{request,        find_route(request),
                    parts_->given,  parts_->graphs,
                    parts_->assets, choose_texts(header_value(request, "Accept-Language"))};
        response = route(visit);
        response.caller = std::move(visit.caller.name);
    } catch (const std::exception& error) {
        parts_->given.log.error("request failed",
                                {{"path", request.path}, {"reason", error.what()}});
        response =
            in_form_of(request.path, {.status = 500,
                                      .content_type = "text/plain; charset=utf-8",
                                      .headers = {},
                                      .body = "the server failed; its log has the reason\n"});
    }
    add_security_headers(response);
    return response;
}

}  // namespace kurabe::server
