// Reads the replies of a Redis server from the bytes as they come.
// Rule: Redis serialization protocol 2, https://redis.io/docs/reference/protocol-spec/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kReplyItemsMax = 20000;
inline constexpr std::size_t kReplyDepthMax = 8;
inline constexpr std::size_t kReplyLineBytesMax = 64 << 10;
inline constexpr std::size_t kReplyBulkBytesMax = 1 << 20;

// A text, a number as digits, an error's text, or the items of an array, those of arrays in it
// among them. A null is an empty text.
struct Reply {
    bool is_error = false;
    bool is_array = false;
    std::vector<std::string> items;  // one unless it is an array
};

class RespReader {
  public:
    // kInvalid for bytes that are no reply, kLimit for one beyond the limits; nothing is to be
    // given to it afterwards.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    // Those that are whole, in order.
    [[nodiscard]] const std::vector<Reply>& replies() const noexcept { return replies_; }

  private:
    // True when something was taken, so that there may be more.
    [[nodiscard]] Result<bool> take_line();
    [[nodiscard]] Result<void> take_header(char kind, std::string_view text);
    [[nodiscard]] Result<void> begin_array(std::int64_t count);
    [[nodiscard]] Result<bool> take_bulk();
    [[nodiscard]] Result<void> add_item(std::string_view item);
    void close_arrays();

    std::string buffer_;
    std::size_t at_ = 0;       // what is before it is taken
    std::size_t scanned_ = 0;  // no line ends before it
    bool in_bulk_ = false;
    std::size_t bulk_size_ = 0;
    Reply reply_;
    std::vector<std::size_t> open_;  // items that are yet to come, of each array that is open
    std::vector<Reply> replies_;
};

}  // namespace kurabe::collectors::fetch
