// Bodies and statuses of what is pushed.
#include "server/pushed_body.hpp"

#include <utility>

#include "server/inflate.hpp"
#include "server/json_answer.hpp"
#include "server/parameters.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kSecondsOfFullStore = "10";  // for a store that cannot take anything

}  // namespace

Result<std::string_view> pushed_body(const Request& request, std::string& room,
                                     std::size_t bytes_max) {
    if (header_value(request, "Content-Encoding") != "gzip") return request.body;
    auto text = gunzip(request.body, bytes_max);
    if (!text) return std::unexpected(std::move(text).error());
    room = *std::move(text);
    return room;
}

int status_of_body(const Error& error) noexcept {
    return error.code == ErrorCode::kLimit ? 413 : 400;
}

int status_of(const TakenLines& taken) noexcept {
    if (taken.failure) return 503;
    if (taken.accepted > 0 || taken.refused == 0) return 200;
    return taken.forbidden == taken.refused ? 403 : 400;
}

Response pushed_answer(int status, std::string json) {
    Response response = json_answer(std::move(json), status);
    if (status == 503) response.headers.emplace_back("Retry-After", kSecondsOfFullStore);
    return response;
}

}  // namespace kurabe::server
