// Reads heads and bodies of HTTP requests from a connection, and makes what is sent to clients
// whose requests cannot be read.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/http_types.hpp"

namespace kurabe::server {

// What there is of the connection's bytes, at least one and as many as there is room for; empty at
// its end.
using ReadSome = std::function<std::string_view(std::span<char> room)>;
// Told how many bytes of a body there are, now and then.
using Progress = std::function<void(std::size_t received)>;

// A line of text.
[[nodiscard]] Response refusal_page(int status, std::string_view message);
// Of a request that never reaches the handler.
[[nodiscard]] std::unexpected<Response> refuse(int status, std::string_view message);

// All lines of a head that keeps to the rules of http_head.hpp; none at the end of the connection.
[[nodiscard]] std::expected<std::optional<std::string>, Response> read_head(
    const ReadSome& read_some);

// All of the body, so that nothing of it can be taken for the next request. `length`: none of one
// in chunks.
[[nodiscard]] std::expected<std::string, Response> read_body(const ReadSome& read_some,
                                                             std::optional<std::size_t> length,
                                                             std::size_t bytes_max,
                                                             const Progress& progress);

}  // namespace kurabe::server
