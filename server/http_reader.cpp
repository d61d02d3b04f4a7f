// Feeds what comes to the rules of heads and chunks.
#include "server/http_reader.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "server/chunked_body.hpp"
#include "server/http_head.hpp"

namespace kurabe::server {
namespace {

// Of the slowest that is allowed a second's worth: progress is told when it is full.
using Part = std::array<char, 4096>;

std::unexpected<Response> refuse_length(std::size_t bytes_max) {
    return refuse(413, fmt::format("the body is over {} bytes", bytes_max));
}

std::expected<std::string, Response> read_chunks(const ReadSome& read_some, std::size_t bytes_max,
                                                 const Progress& progress) {
    ChunkedBody body;
    Part part{};
    ChunkedBody::State state = ChunkedBody::State::kPartial;
    while (state == ChunkedBody::State::kPartial) {
        const std::string_view bytes = read_some(part);
        if (bytes.empty()) return refuse(400, "the body is incomplete");
        state = body.take(bytes);
        if (body.size() > bytes_max) return refuse_length(bytes_max);
        progress(body.size());
    }
    if (state == ChunkedBody::State::kMalformed) return refuse(400, "the chunks are malformed");
    return body.take_body();
}

}  // namespace

Response refusal_page(int status, std::string_view message) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = fmt::format("{}\n", message);
    return response;
}

std::unexpected<Response> refuse(int status, std::string_view message) {
    return std::unexpected(refusal_page(status, message));
}

// Byte by byte, so that none of what follows is taken; they come from a buffer.
std::expected<std::optional<std::string>, Response> read_head(const ReadSome& read_some) {
    HttpHead head;
    char byte = 0;
    HttpHead::State state = HttpHead::State::kPartial;
    while (state == HttpHead::State::kPartial) {
        if (read_some({&byte, 1}).empty()) return std::nullopt;
        state = head.take(byte);
    }
    if (state == HttpHead::State::kRefused) return refuse(head.status(), head.reason());
    return head.text();
}

std::expected<std::string, Response> read_body(const ReadSome& read_some,
                                               std::optional<std::size_t> length,
                                               std::size_t bytes_max, const Progress& progress) {
    if (!length) return read_chunks(read_some, bytes_max, progress);
    if (*length > bytes_max) return refuse_length(bytes_max);
    std::string body;
    Part part{};
    while (body.size() < *length) {
        const std::size_t room = std::min(part.size(), *length - body.size());
        const std::string_view bytes = read_some(std::span(part).first(room));
        if (bytes.empty()) return refuse(400, "the body is incomplete");
        body.append(bytes);
        progress(body.size());
    }
    return body;
}

}  // namespace kurabe::server
