// A reply of rrdcached: a line "NUMBER MESSAGE", then that many lines; a negative number is a
// refusal.
// Rule: rrdcached(1), "PROTOCOL".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

inline constexpr std::size_t kReplyLineBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kReplyBytesMax = std::size_t{256} << 20;
inline constexpr std::int64_t kReplyLinesMax = 16'000'000;

struct ReplyHead {
    std::int64_t lines;  // negative: refused
    std::string message;
};

// kInvalid for a line that is no head, kLimit for too many lines.
[[nodiscard]] Result<ReplyHead> parse_reply_head(std::string_view line);

// Text of another program as part of a message of ours: shortened, and without control characters
// but tabs.
[[nodiscard]] std::string shown(std::string_view text);

// The lines behind a head.
class ReplyLines {
  public:
    ReplyLines() = default;
    virtual ~ReplyLines() = default;
    ReplyLines(const ReplyLines&) = delete;
    ReplyLines& operator=(const ReplyLines&) = delete;
    ReplyLines(ReplyLines&&) = default;
    ReplyLines& operator=(ReplyLines&&) = default;

    // The next one without its end; valid until the next call.
    [[nodiscard]] virtual Result<std::string_view> next_line() = 0;
};

}  // namespace kurabe::cli::rrdcached
