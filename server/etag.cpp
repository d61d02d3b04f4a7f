// Fingerprints by FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/.
#include "server/etag.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "server/parameters.hpp"

namespace kurabe::server {

std::string fingerprint(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    return fmt::format("{:016x}", hash);
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
