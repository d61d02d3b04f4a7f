// The head of an HTTP/1.1 request, taken byte by byte before any parser sees it: what two servers
// in a row could read differently is refused. Rule: RFC 9112, 2.2, 3, 5.2 and 11.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kurabe::server {

inline constexpr std::size_t kTargetBytesMax = 16384;     // 500 addresses and some
inline constexpr std::size_t kMethodBytesMax = 32;        // and of the version
inline constexpr std::size_t kHeaderLineBytesMax = 8192;  // name and value
inline constexpr std::size_t kHeadersMax = 96;
inline constexpr std::size_t kHeadBytesMax = 65536;

class HttpHead {
  public:
    enum class State : std::uint8_t { kPartial, kComplete, kRefused };

    // The next byte; none is to follow once the state is another than kPartial.
    State take(char byte);

    // Of a complete head: all its lines with their ends, the empty one among them.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    // Of a refused one: 400, 414 or 431, and one line that says why.
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

  private:
    State refuse(int status, std::string_view reason);
    State end_line();
    [[nodiscard]] State check_length();

    std::string text_;
    std::size_t line_ = 0;  // where the line that is being read begins
    std::size_t lines_ = 0;
    bool skipped_empty_ = false;
    bool after_cr_ = false;
    int status_ = 0;
    std::string_view reason_;  // of a literal
};

// The headers of a complete head as they came, names and values without the blanks around these.
// Views of `head`.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> headers_of(
    std::string_view head);

}  // namespace kurabe::server
