// Fingerprints by FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), of words in place
// of bytes: pictures are long, and a multiplication for each byte waits for the one before.
#include "server/etag.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "server/parameters.hpp"

namespace kurabe::server {

namespace {

// Of two words never the same. The product's upper half is folded into the lower one, which would
// else hear nothing of the word's upper bytes.
std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x100000001b3;
    return hash ^ (hash >> 32);
}

}  // namespace

std::string fingerprint(std::string_view bytes) {
    std::uint64_t hash = mixed(0xcbf29ce484222325, bytes.size());
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), size);
        hash = mixed(hash, word);
        bytes.remove_prefix(size);
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
