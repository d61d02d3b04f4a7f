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

// Whether the server has judged the lines themselves, when it was ours that answered. Who sent
// them, how many there are at a time, and what state it is in may change.
bool is_final(int status) {
    return status == 200 || status == 400 || status == 413 || status == 415;
}

NotTaken::Why why_not(int status) {
    if (status == 413) return NotTaken::Why::kTooMuch;
    return status == 403 ? NotTaken::Why::kForbidden : NotTaken::Why::kOther;
}

SentLines counted_lines(const server::TakenLines& taken) {
    SentLines sent{.accepted = taken.accepted, .refused = taken.refused, .reason = {}};
    if (!taken.errors.empty()) {
        sent.reason = collectors::printable(taken.errors.front().reason, kReasonBytesMax);
    }
    return sent;
}

}  // namespace

Result<LineSender> LineSender::create(const LineServer& server,
                                      const std::optional<std::filesystem::path>& credentials) {
    auto place = url_place(server.url);
    if (!place) return std::unexpected(place.error());
    if (place->has_credentials) {
        return fail(ErrorCode::kInvalid,
                    "a password in a URL can be read by everybody; use --token-file");
    }
    std::string token;
    if (server.token_file) {
        auto read = read_token(*server.token_file, credentials);
        if (!read) return std::unexpected(read.error());
        token = *std::move(read);
    }
    std::string url = server.url;
    while (url.ends_with('/')) url.pop_back();
    return LineSender(url + std::string(kPath), std::move(place->host), std::move(token));
}

std::expected<SentLines, NotTaken> LineSender::send(std::string_view lines,
                                                    std::chrono::seconds deadline,
                                                    const std::stop_token& stop) const {
    std::vector<std::string> headers = {"Content-Type: text/plain; charset=utf-8"};
    if (!token_.empty()) headers.push_back("Authorization: Bearer " + token_);
    const auto reply = http_post({.url = url_,
                                  .body = lines,
                                  .headers = std::move(headers),
                                  .deadline = deadline,
                                  .stop = stop});
    if (!reply) return std::unexpected(NotTaken{NotTaken::Why::kUnreached, reply.error()});
    if (is_final(reply->status)) {
        if (const auto taken = server::taken_lines_from_json(reply->body)) {
            return counted_lines(*taken);
        }
        if (const auto error = server::own_error_from_json(reply->body)) {
            return SentLines{.accepted = 0,
                             .refused = 1,
                             .reason = collectors::printable(error->message, kReasonBytesMax)};
        }
    }
    const std::string said = reply->status == 200 ? "no server of ours answers there"
                                                  : server::error_from_json(reply->body).message;
    return std::unexpected(
        NotTaken{why_not(reply->status),
                 {ErrorCode::kInUse, fmt::format("{}: status {}: {}", url_, reply->status,
                                                 collectors::printable(said, kReasonBytesMax))}});
}

}  // namespace kurabe::cli
