// A line of a pipe as words.
// Rule: measured on rrdtool 1.7.2. Spaces separate, tabs do not; spaces and control characters at
// the ends of the line do not count; '...' and "..." hold anything but themselves, begin and end
// anywhere in a word, and may be empty; no character escapes another.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Splits line after line in room that is used again.
class WordSplitter {
  public:
    // Valid until the next call. kInvalid for a quote without an end.
    [[nodiscard]] Result<std::span<const std::string>> split(std::string_view line);

  private:
    [[nodiscard]] std::string& next_word();

    std::vector<std::string> words_;
    std::size_t count_ = 0;  // of words_ that are the line's
};

// The same for one line.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace kurabe::cli::rrdtool
