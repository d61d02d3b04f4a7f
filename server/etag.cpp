// Fingerprints are the standard library's hashes of texts, which take words of eight bytes at a
// time: pictures are long.
#include "server/etag.hpp"

#include <cstddef>
#include <functional>

#include <fmt/format.h>

#include "server/parameters.hpp"

namespace kurabe::server {

static_assert(sizeof(std::size_t) == 8, "a fingerprint has 64 bits");

std::string fingerprint(std::string_view bytes) {
    return fmt::format("{:016x}", std::hash<std::string_view>()(bytes));
}

std::string entity_tag(std::string_view bytes) {
    return fmt::format("\"{}\"", fingerprint(bytes));
}

void add_etag(Response& response, const Request& request) {
    add_etag(response, entity_tag(response.body), request);
}

void add_etag(Response& response, std::string_view tag, const Request& request) {
    response.headers.emplace_back("ETag", tag);
    const std::string_view known = header_value(request, "If-None-Match");
    if (known == "*" || known.find(tag) != std::string_view::npos) {
        response.status = 304;
        response.body.clear();
    }
}

}  // namespace kurabe::server
