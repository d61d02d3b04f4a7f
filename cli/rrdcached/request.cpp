// Blanks and backslashes of words behind a backslash, as the daemon wants them.
#include "cli/rrdcached/request.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/rrdcached/reply.hpp"

namespace kurabe::cli::rrdcached {
namespace {

constexpr std::size_t kShownRequestBytesMax = 60;

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

bool is_escaped(char c) noexcept {
    return c == ' ' || c == '\\';
}

}  // namespace

void Request::add(std::string_view word) {
    line_ += ' ';
    for (const char c : word) {
        if (is_escaped(c)) line_ += '\\';
        line_ += c;
    }
}

Result<std::string> Request::line() const {
    if (std::ranges::any_of(line_, is_control)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("control characters cannot be sent to rrdcached: '{}'",
                                shown(std::string_view(line_).substr(0, kShownRequestBytesMax))));
    }
    if (line_.size() + 1 > kRequestBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a request to rrdcached has at most {} bytes, and this has {}: "
                                "'{}...'",
                                kRequestBytesMax, line_.size() + 1,
                                std::string_view(line_).substr(0, kShownRequestBytesMax)));
    }
    return line_ + '\n';
}

}  // namespace kurabe::cli::rrdcached
