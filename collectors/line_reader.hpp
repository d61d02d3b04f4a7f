// Reads Kurado's lines of four columns, which agents, cron jobs and our own collectors send; the
// way back from kurado_lines().
// Rule: docs/collectors.md, "Lines"; Kurado's agent and Kurado::Metrics.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

// What is beyond these limits is refused line by line.
inline constexpr std::size_t kLineBytesMax = 64 << 10;
inline constexpr std::size_t kLinesMax = 250'000;     // that are taken
inline constexpr std::size_t kLineHostsMax = 20'000;  // a configuration has as many at most
// Wrong lines that are kept with their reasons; the others are only counted.
inline constexpr std::size_t kLineErrorsMax = 100;

struct LineError {
    std::size_t line;  // from 1
    std::string reason;
};

struct ReadLines {
    // One per host, in the order of their first lines; the samples of each oldest first, and time
    // that of its newest meta or warning, else that of its newest sample. Warnings alone are no
    // sign of life: others, too, warn of a host that they cannot reach.
    std::vector<Report> reports;
    std::size_t taken = 0;  // lines that are in a report
    std::size_t refused = 0;
    std::vector<LineError> errors;
    std::size_t forbidden = 0;  // of those refused, what `may_send` forbade
};

// Whether lines of that host may be sent by whoever sent these; the error's message is the reason.
using HostCheck = std::function<Result<void>(std::string_view host)>;

// Never fails: a wrong line harms no other one. Comments (`#`, `//`) and empty lines are passed
// over. O(bytes).
[[nodiscard]] ReadLines read_lines(std::string_view text, const HostCheck& may_send);
[[nodiscard]] ReadLines read_lines(std::string_view text);

}  // namespace kurabe::collectors
