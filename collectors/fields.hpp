// Taking the kernel's text files apart: lines, fields between blanks, numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kurabe::collectors {

// The lines of `text` without their ends; views into it. An empty last line is not counted.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);

// The fields between blanks (space, tab); views into `line`.
[[nodiscard]] std::vector<std::string_view> split_fields(std::string_view line);

// Digits only, below 2^64.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text) noexcept;

// A finite decimal number such as "0.42".
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text) noexcept;

}  // namespace kurabe::collectors
