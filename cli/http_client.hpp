// One GET or POST request with a deadline. The one wrapper of libcurl.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli {

inline constexpr std::size_t kReplyBytesMax = std::size_t{256} << 20;

struct HttpReply {
    int status = 0;
    std::string body;
};

// Any status is a reply; kSystem when no whole reply came before the deadline, with the reason, and
// kLimit when it is larger than kReplyBytesMax.
[[nodiscard]] Result<HttpReply> http_get(const std::string& url, std::chrono::seconds deadline,
                                         const std::vector<std::string>& headers = {});

struct HttpPost {
    std::string url;
    std::string_view body;
    std::vector<std::string> headers;  // "Name: value"
    std::chrono::seconds deadline{30};
    std::stop_token stop = {};  // looked at about once a second
};
// As http_get; kSystem, too, when `stop` was requested.
[[nodiscard]] Result<HttpReply> http_post(const HttpPost& post);

struct UrlPlace {
    std::string host;  // without brackets
    bool has_credentials = false;
};
// kInvalid for what is no URL of HTTP.
[[nodiscard]] Result<UrlPlace> url_place(const std::string& url);

// Percent-encodes everything but letters, digits, '-', '.', '_' and '~'.
[[nodiscard]] std::string url_encode(std::string_view text);

}  // namespace kurabe::cli
