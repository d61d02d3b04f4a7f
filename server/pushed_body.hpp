// What all routes have in common that take samples: the body, unpacked, and the status that says
// what became of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "server/http_types.hpp"
#include "server/line_intake.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// A view of the request's body, or of `room`, which it is unpacked into. kLimit when that is too
// much, kInvalid when it is no gzip.
[[nodiscard]] Result<std::string_view> pushed_body(const Request& request, std::string& room,
                                                   std::size_t bytes_max = kLinesBodyBytesMax);
[[nodiscard]] int status_of_body(const Error& error) noexcept;

// 503 when all of it is worth sending again, 200 when something was accepted or nothing was wrong,
// else 403 or 400.
[[nodiscard]] int status_of(const TakenLines& taken) noexcept;

// JSON that no cache keeps; a 503 says when to try again.
[[nodiscard]] Response pushed_answer(int status, std::string json);

}  // namespace kurabe::server
