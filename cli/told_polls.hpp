// Polls of a command of `kurabe collect`: what they came to as lines, and rounds until somebody
// ends them.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "cli/environment.hpp"
#include "cli/line_target.hpp"
#include "collectors/report.hpp"
#include "collectors/rounds.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Lines, and one on standard error for each poll that failed.
class ToldPolls {
  public:
    // `way` names the warning of hosts that failed. The references must outlive it.
    ToldPolls(std::string_view way, LineTarget& lines, const Environment& environment)
        : way_(way), lines_(lines), environment_(environment) {}

    // `place` is the host as the user named it.
    void take(std::string_view place, std::string_view host,
              const Result<collectors::Report>& outcome, std::string_view plugin = "base");
    // Hands over what there is; an error as well when one of `hosts` failed.
    [[nodiscard]] Result<void> finish(std::size_t hosts);

  private:
    std::string way_;
    LineTarget& lines_;
    const Environment& environment_;
    std::size_t failed_ = 0;
};

// Hands over lines while rounds go on, once a second at most while polls are under way.
class Deliveries {
  public:
    explicit Deliveries(LineTarget& lines) : lines_(lines) {}

    // False when there is nothing to go on for: nobody reads what is printed. A server may be back
    // when there are more lines.
    [[nodiscard]] bool goes_on(bool is_busy);
    [[nodiscard]] const Result<void>& outcome() const noexcept { return delivered_; }

  private:
    LineTarget& lines_;
    Result<void> delivered_;
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now();
};

// Until something ends the process, or nobody reads what it prints.
template <typename Poller>
[[nodiscard]] Result<void> poll_on(Poller& poller, store::Seconds interval,
                                   const Environment& environment, LineTarget& lines) {
    Deliveries deliveries(lines);
    collectors::PollCounts counts;
    collectors::run_rounds(
        poller, {{interval, poller.size()}}, environment.now,
        [&] { return deliveries.goes_on(poller.busy() > 0); }, counts);
    return deliveries.outcome();
}

template <typename Poller>
void poll_once(Poller& poller) {
    poller.begin();
    while (poller.busy() > 0) poller.work(std::chrono::seconds{1});
}

}  // namespace kurabe::cli
