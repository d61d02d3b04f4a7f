// One POST, and what its status means for what was sent.
#include "cli/line_sender.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/http_client.hpp"
#include "cli/token_file.hpp"
#include "collectors/printable.hpp"
#include "server/series_json.hpp"

namespace kurabe::cli {

namespace {

constexpr std::string_view kPath = "/api/v1/lines";
constexpr std::size_t kReasonBytesMax = 300;

// Of an answer that counts no lines.
std::string reason_of(const HttpReply& reply) {
    const std::string_view body = reply.body;
    const Error error = server::error_from_json(body);
    return collectors::printable(error.message, kReasonBytesMax);
}

// Whether the server has judged the lines themselves. Who sent them, how many there are at a time,
// and what state the server is in may change; so may the server at that address.
bool is_final(int status) {
    return status == 200 || status == 400 || status == 413 || status == 415;
}

}  // namespace

Result<LineSender> LineSender::create(const LineServer& server) {
    auto place = url_place(server.url);
    if (!place) return std::unexpected(place.error());
    if (place->has_credentials) {
        return fail(ErrorCode::kInvalid,
                    "a password in a URL can be read by everybody; use --token-file");
    }
    std::string token;
    if (server.token_file) {
        auto read = read_token(*server.token_file);
        if (!read) return std::unexpected(read.error());
        token = *std::move(read);
    }
    std::string url = server.url;
    while (url.ends_with('/')) url.pop_back();
    return LineSender(url + std::string(kPath), std::move(place->host), std::move(token));
}

Result<SentLines> LineSender::send(std::string_view lines, std::chrono::seconds deadline) const {
    std::vector<std::string> headers = {"Content-Type: text/plain; charset=utf-8"};
    if (!token_.empty()) headers.push_back("Authorization: Bearer " + token_);
    const auto reply = http_post(
        {.url = url_, .body = lines, .headers = std::move(headers), .deadline = deadline});
    if (!reply) return std::unexpected(reply.error());
    if (!is_final(reply->status)) {
        return fail(ErrorCode::kInUse,
                    fmt::format("{}: status {}: {}", url_, reply->status, reason_of(*reply)));
    }
    auto counted = server::taken_lines_from_json(reply->body);
    if (counted) {
        SentLines sent{.accepted = counted->accepted, .refused = counted->refused, .reason = {}};
        if (!counted->errors.empty()) {
            sent.reason =
                collectors::printable(counted->errors.front().reason, kReasonBytesMax);
        }
        return sent;
    }
    if (reply->status == 200) {
        return fail(ErrorCode::kSystem, fmt::format("{}: no server of ours answers there", url_));
    }
    return SentLines{.accepted = 0, .refused = 1, .reason = reason_of(*reply)};
}

}  // namespace kurabe::cli
