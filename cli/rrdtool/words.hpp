// A line of a pipe as words.
// Rule: measured on rrdtool 1.7.2. Spaces separate, tabs do not; spaces and control characters at
// the ends of the line do not count; '...' and "..." hold anything but themselves, begin and end
// anywhere in a word, and may be empty; no character escapes another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// kInvalid for a quote without an end.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace kurabe::cli::rrdtool
