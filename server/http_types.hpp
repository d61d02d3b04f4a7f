// A request and a response as our handlers see them: plain data, no foreign type.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kurabe::server {

inline constexpr std::size_t kRequestParametersMax = 1200;  // 500 addresses and some
inline constexpr std::size_t kRequestBodyBytesMax = 1 << 20;

struct Request {
    std::string method;  // "GET", "HEAD", "POST"
    std::string path;    // percent-decoded, without the query
    std::vector<std::pair<std::string, std::string>> parameters;  // decoded; query, then form body
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  // of a POST that is not a form
};

struct Response {
    int status = 200;
    std::string content_type = "text/html; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

}  // namespace kurabe::server
