// Polls a poller's hosts again and again, and what is said of those that fail.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include "collectors/poll_counts.hpp"
#include "collectors/report.hpp"
#include "collectors/spread_rounds.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// Polls all hosts at once and then each in every `interval` of the clock `now`, spread over it, and
// serves what is open in between, for as long as `goes_on`, which is asked every half second or
// oftener. Hosts whose last poll is still under way are left out of a round.
// Counts in `counts`.
template <typename Poller>
void run_rounds(Poller& poller, store::Seconds interval, const std::function<store::Time()>& now,
                const std::function<bool()>& goes_on, PollCounts& counts) {
    constexpr std::chrono::milliseconds kLook{500};  // also, so that a changed clock is noticed
    poller.count_in(counts);
    SpreadRounds rounds(interval);
    while (goes_on()) {
        const SpreadRounds::Part due = rounds.due(now(), poller.size());
        const std::size_t begun = poller.begin(due.begin, due.end);
        counts.begun(begun, due.end - due.begin - begun, due.late);
        poller.work(kLook);
    }
}

// What is said about a host that could not be polled: a warning of `plugin` that is named by the
// way, "ssh", and no sign of life.
[[nodiscard]] Report failure_report(std::string_view way, std::string_view host,
                                    std::string_view reason, store::Time now,
                                    std::string_view plugin = "base");

}  // namespace kurabe::collectors
