// What a client is told about an error: the one place where an ErrorCode becomes an HTTP status.
// What the log is told is the whole Error; the client gets no path and no reason of the system.
#pragma once

#include <string>
#include <string_view>

#include "server/http_types.hpp"
#include "store/result.hpp"

namespace kurabe::server {

[[nodiscard]] int http_status(ErrorCode code) noexcept;

// The message without directories; for errors that are ours alone (kSystem, kNoSpace) only that the
// log has the reason.
[[nodiscard]] std::string client_text(const Error& error);

// `refusal`, a line of text, as JSON where the path is one of the API's.
[[nodiscard]] Response in_form_of(std::string_view path, Response refusal);

// Headers that every answer carries: no script or style but our own files, no guessed types.
void add_security_headers(Response& response);

}  // namespace kurabe::server
