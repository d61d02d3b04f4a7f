// Entity tags: an answer that the client has already is 304 and has no body.
// Rule: RFC 9110, 8.8.3 and 13.1.2.
#pragma once

#include <string>
#include <string_view>

#include "server/http_types.hpp"

namespace kurabe::server {

// 16 hex digits that differ for different bytes, by chance alone not.
[[nodiscard]] std::string fingerprint(std::string_view bytes);

// The tag of what has these bytes, in its quotation marks.
[[nodiscard]] std::string entity_tag(std::string_view bytes);

// Tags a 200, and empties it to a 304 when the request's If-None-Match names the tag.
void add_etag(Response& response, std::string_view tag, const Request& request);
// By its body.
void add_etag(Response& response, const Request& request);

}  // namespace kurabe::server
