// What the tries of a probe come to: a table of one row for the plugin to read. Pure.
// Rule: docs/plugins.md, "Probes".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "collectors/fetch/answer.hpp"
#include "collectors/fetch/timed_try.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::fetch {

class ProbeTally {
  public:
    void add(const Result<TimedTry>& made);
    [[nodiscard]] std::size_t tries() const noexcept { return tries_; }

    // Columns: "tries", "loss" in percent, and of the tries that succeeded "min", "median" and
    // "max" in seconds; "reason" of the last that failed; "status" of HTTP's last answer; of a
    // certificate "days_left" at `now` (negative when it is over) and "good_until". What is not
    // known has no column. There must have been a try.
    [[nodiscard]] Answer answer(store::Time now) const;

  private:
    std::size_t tries_ = 0;
    std::vector<std::chrono::microseconds> times_;  // of those that succeeded
    std::string reason_;
    long status_ = 0;
    std::optional<std::chrono::sys_seconds> certificate_end_;
};

}  // namespace kurabe::collectors::fetch
