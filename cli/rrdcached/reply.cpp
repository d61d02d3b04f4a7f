// The first line of a reply.
#include "cli/rrdcached/reply.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace kurabe::cli::rrdcached {
namespace {

constexpr std::size_t kShownReplyBytesMax = 4096;

}  // namespace

Result<ReplyHead> parse_reply_head(std::string_view line) {
    ReplyHead head{};
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data(), end, head.lines);
    if (error != std::errc{} || (rest != end && *rest != ' ')) {
        return fail(ErrorCode::kInvalid, fmt::format("this is no reply: '{}'", shown(line)));
    }
    if (head.lines > kReplyLinesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a reply of {} lines is too long; {} are allowed", head.lines,
                                kReplyLinesMax));
    }
    if (rest != end) head.message = shown({rest + 1, end});
    return head;
}

std::string shown(std::string_view text) {
    std::string shown(text.substr(0, kShownReplyBytesMax));
    const auto is_control = [](char c) {
        return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
    };
    std::ranges::replace_if(shown, is_control, '?');
    return shown;
}

}  // namespace kurabe::cli::rrdcached
