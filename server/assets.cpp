// Serves what cmake/kurabe_embed.cmake compiled in.
#include "server/assets.hpp"

#include <utility>

#include "embedded_web.hpp"
#include "server/etag.hpp"

namespace kurabe::server {
namespace {

std::string_view content_type_of(std::string_view path) {
    if (path.ends_with(".css")) return "text/css; charset=utf-8";
    if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (path.ends_with(".json")) return "application/json";
    return "image/svg+xml";
}

}  // namespace

Assets::Assets() {
    for (const EmbeddedFile& file : embedded_web()) {
        assets_.emplace("/" + std::string(file.name),
                        Asset{content_type_of(file.name), file.bytes, fingerprint(file.bytes)});
    }
    assets_.emplace("/favicon.ico", assets_.at("/img/favicon.svg"));  // asked for unbidden
}

const Asset* Assets::find(std::string_view path) const {
    const auto found = assets_.find(path);
    return found == assets_.end() ? nullptr : &found->second;
}

std::string_view Assets::version(std::string_view path) const {
    return assets_.find(path)->second.version;
}

Response asset_response(const Asset& asset, const Request& request) {
    const bool names_version =
        request.parameters.size() == 1 &&
        request.parameters.front() == std::pair<std::string, std::string>("v", asset.version);
    Response response;
    response.content_type = asset.content_type;
    response.headers.emplace_back(
        "Cache-Control", names_version ? "public, max-age=31536000, immutable" : "no-cache");
    response.body = asset.bytes;
    add_etag(response, request);
    return response;
}

}  // namespace kurabe::server
