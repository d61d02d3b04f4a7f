// The texts of an HTTP request as our Request has them: target, form body, header names.
// Rule: RFC 9112, 3.2 (target); RFC 9110, 5.6.2 (token).
#pragma once

#include <string>
#include <string_view>

#include "server/http_types.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Whether it may name a header.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

// "Text/HTML; charset=utf-8" -> "text/html"
[[nodiscard]] std::string bare_type(std::string_view media_type);

// Path and parameters from "/a%20b?x=1" or "http://host/a%20b?x=1".
[[nodiscard]] Result<void> take_target(std::string_view target, Request& request);

// A form's fields become parameters behind those of the query; any other body stays as it is.
[[nodiscard]] Result<void> take_body(std::string body, std::string_view media_type,
                                     Request& request);

}  // namespace kurabe::server
