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

void add_etag(Response& response, const Request& request) {
    const std::string tag = fmt::format("\"{}\"", fingerprint(response.body));
    response.headers.emplace_back("ETag", tag);
    const std::string_view known = header_value(request, "If-None-Match");
    if (known == "*" || known.find(tag) != std::string_view::npos) {
        response.status = 304;
        response.body.clear();
    }
}

}  // namespace kurabe::server
