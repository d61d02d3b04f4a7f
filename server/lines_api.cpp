// "/api/v1/lines": samples, descriptions and warnings of hosts, pushed over HTTP.
#include <string>
#include <string_view>

#include "server/inflate.hpp"
#include "server/line_intake.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/series_json.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kSecondsToWait = "10";  // for a store that cannot take anything

int status_of(const TakenLines& taken) {
    if (taken.failure) return 503;
    if (taken.accepted > 0 || taken.refused == 0) return 200;
    return taken.forbidden == taken.refused ? 403 : 400;
}

Result<Response> too_long_or_bad(const Error& error) {
    if (error.code != ErrorCode::kLimit) return std::unexpected(error);
    Response response;
    response.status = 413;
    response.content_type = "application/json";
    response.body = error_to_json(error.code, error.message);
    return response;
}

}  // namespace

Result<Response> lines_api(const Visit& visit) {
    std::string unpacked;
    std::string_view lines = visit.request.body;
    if (header_value(visit.request, "Content-Encoding") == "gzip") {
        auto text = gunzip(lines, kLinesBodyBytesMax);
        if (!text) return too_long_or_bad(text.error());
        unpacked = *std::move(text);
        lines = unpacked;
    }
    const TakenLines taken = visit.parts.intake->take(lines, visit.request.peer);
    Response response;
    response.status = status_of(taken);
    response.content_type = "application/json";
    response.headers.emplace_back("Cache-Control", "no-store");
    if (taken.failure) response.headers.emplace_back("Retry-After", kSecondsToWait);
    response.body = taken_lines_to_json(taken);
    return response;
}

}  // namespace kurabe::server
