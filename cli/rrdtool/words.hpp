// A line of a pipe as words.
// Rule: measured on rrdtool 1.7.2. Blanks separate; '...' and "..." hold anything but themselves,
// begin and end anywhere in a word, and may be empty; no character escapes another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// kInvalid for a quote without an end.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace kurabe::cli::rrdtool
