// A request and a response as our handlers see them: plain data, no foreign type.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kurabe::server {

inline constexpr std::size_t kRequestParametersMax = 1200;  // 500 addresses and some
inline constexpr std::size_t kRequestBodyBytesMax = 1 << 20;
inline constexpr std::size_t kLinesBodyBytesMax = 16 << 20;  // of lines, packed or not

struct Request {
    std::string method;  // "GET", "HEAD", "POST", "PUT", "DELETE"
    std::string path;    // percent-decoded, without the query
    // The path's parts between '/', each decoded by itself: of "/g/a%2Fb/c" "g", "a/b", "c".
    std::vector<std::string> segments = {};
    // Decoded; of the query, then of a form's body.
    std::vector<std::pair<std::string, std::string>> parameters = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};  // of a POST or PUT that is not a form
    std::string peer = {};  // numeric address of the other end: a client's, or its proxy's
    // Whether the other end still waits for the answer; not set: it does. Thread-safe, for as long
    // as the request is being answered.
    std::function<bool()> is_wanted = {};
};

struct Response {
    int status = 200;
    std::string content_type = "text/html; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string caller = {};  // whom it was given to, for the access log: a user or a token
};

// What is done with the body of a request, decided when only its head is known.
struct BodyDecision {
    std::size_t bytes_max = kRequestBodyBytesMax;
    std::optional<Response> refusal = {};        // in place of reading it
    std::shared_ptr<const void> kept = nullptr;  // until the request is answered
};
// `length` is what the head says; none when it does not. Thread-safe.
using BodyRule =
    std::function<BodyDecision(const Request& head, std::optional<std::size_t> length)>;

}  // namespace kurabe::server
