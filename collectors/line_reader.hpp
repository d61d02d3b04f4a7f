// Reads Kurado's lines of four columns, which agents, cron jobs and our own collectors send; the
// way back from kurado_lines().
// Rule: docs/collectors.md, "Lines"; Kurado's agent and Kurado::Metrics.
#pragma once

#include <cstddef>
#include <string_view>

#include "collectors/sent_reports.hpp"

namespace kurabe::collectors {

// What is beyond these limits, and those of sent_reports.hpp, is refused line by line.
inline constexpr std::size_t kLineBytesMax = 64 << 10;

// Never fails: a wrong line harms no other one. Comments (`#`, `//`) and empty lines are passed
// over. O(bytes).
[[nodiscard]] ReadLines read_lines(std::string_view text, const HostLookup& host_of);
[[nodiscard]] ReadLines read_lines(std::string_view text);

}  // namespace kurabe::collectors
