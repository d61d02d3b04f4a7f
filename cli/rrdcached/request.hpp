// A request to rrdcached: one line of words.
// Rule: rrdcached(1), "PROTOCOL".
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

// The daemon reads no longer line, end included.
inline constexpr std::size_t kRequestBytesMax = 4096;

class Request {
  public:
    explicit Request(std::string_view command) : line_(command) {}

    void add(std::string_view word);

    // With its end. kLimit when it is too long; kInvalid for a control character in a word: a line
    // break would begin another request.
    [[nodiscard]] Result<std::string> line() const;

  private:
    std::string line_;
};

}  // namespace kurabe::cli::rrdcached
