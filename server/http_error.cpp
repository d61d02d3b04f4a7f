// Statuses, client texts and the headers that every answer carries.
#include "server/http_error.hpp"

#include <algorithm>
#include <string_view>

#include "server/series_json.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

// For pictures that are documents: Cairo writes their looks as attributes "style".
constexpr std::string_view kPolicyOfDrawings =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

// "cannot open /var/lib/kurabe/a.kurabe: ..." -> "cannot open a.kurabe: ..."
std::string without_directories(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t blank = std::min(text.find(' '), text.size() - 1);
        std::string_view word = text.substr(0, blank + 1);
        text.remove_prefix(word.size());
        const std::size_t slash = word.rfind('/');
        if (word.front() == '/' && slash + 1 < word.size()) word.remove_prefix(slash + 1);
        result += word;
    }
    return result;
}

// The code that an answer without an Error of its own has.
ErrorCode code_of(int status) {
    switch (status) {
        case 403:
            return ErrorCode::kForbidden;
        case 404:
            return ErrorCode::kNotFound;
        case 405:
        case 501:
        case 505:
            return ErrorCode::kUnsupported;
        case 413:
            return ErrorCode::kLimit;
        default:
            return status >= 500 ? ErrorCode::kSystem : ErrorCode::kInvalid;
    }
}

}  // namespace

int http_status(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::kInvalid:
        case ErrorCode::kLimit:
        case ErrorCode::kUnsupported:
            return 400;
        case ErrorCode::kForbidden:
            return 403;
        case ErrorCode::kNotFound:
            return 404;
        case ErrorCode::kOutdated:
            return 409;
        case ErrorCode::kInUse:
            return 503;
        case ErrorCode::kNoSpace:
            return 507;
        case ErrorCode::kDamaged:
        case ErrorCode::kSystem:
            return 500;
    }
    return 500;
}

std::string client_text(const Error& error) {
    if (error.code == ErrorCode::kSystem || error.code == ErrorCode::kNoSpace) {
        return "the server could not do this; its log has the reason";
    }
    return without_directories(error.message);
}

Response in_form_of(std::string_view path, Response refusal) {
    if (!path.starts_with("/api/") || !refusal.content_type.starts_with("text/plain")) {
        return refusal;
    }
    std::string_view text = refusal.body;
    if (text.ends_with('\n')) text.remove_suffix(1);
    // Who is not known yet has no error of ours.
    refusal.body = refusal.status == 401 ? error_to_json("unauthorized", text)
                                         : error_to_json(code_of(refusal.status), text);
    refusal.content_type = "application/json";
    return refusal;
}

void add_security_headers(Response& response) {
    response.headers.emplace_back(
        "Content-Security-Policy",
        response.content_type == "image/svg+xml" ? kPolicyOfDrawings : kContentSecurityPolicy);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "same-origin");
}

}  // namespace kurabe::server
