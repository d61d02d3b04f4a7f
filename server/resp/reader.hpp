// Takes commands of Redis' protocol out of bytes, as a server reads them: arrays of bulk strings,
// and lines typed by people ("inline commands"). Knows no sockets.
// Rule: the protocol's specification (RESP2); limits are ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::server::resp {

inline constexpr std::size_t kMessageBytesMax = 4 << 20;  // of a command with all that it carries
inline constexpr std::size_t kInlineBytesMax = 64 << 10;
inline constexpr std::size_t kWordsMax = 1024;

class Reader {
  public:
    enum class State {
        kComplete,
        kIncomplete,  // more bytes are needed
        kBroken,      // nothing behind it can be understood; error() says why
    };

    // The command that `bytes` begin with.
    [[nodiscard]] State read(std::string_view bytes);

    // Of a complete one; may be none. Views of `bytes` or of the reader, until the next read().
    [[nodiscard]] const std::vector<std::string_view>& words() const noexcept { return words_; }
    // Whether the last one is a line as people type it, and not an array.
    [[nodiscard]] bool is_inline() const noexcept { return is_inline_; }
    // How many bytes the complete command had; of an incomplete one how many it has at least.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

  private:
    [[nodiscard]] State read_array(std::string_view bytes);
    [[nodiscard]] State read_bulk(std::string_view bytes, std::size_t& at);
    [[nodiscard]] State read_inline(std::string_view bytes);
    // The number of a line that begins at `at` with one byte for its kind; moves behind the line.
    [[nodiscard]] State read_number(std::string_view bytes, std::size_t& at, long& number);
    [[nodiscard]] bool split_words(std::string_view line);
    [[nodiscard]] bool take_quoted(std::string_view& line);
    State broken(std::string reason);

    std::vector<std::string_view> words_;
    std::string unquoted_;  // its storage does not move while words are taken
    std::size_t bytes_ = 0;
    bool is_inline_ = false;
    std::string error_;
};

}  // namespace kurabe::server::resp
