// Polls a poller's hosts again and again, and what is said of those that fail.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/poll_counts.hpp"
#include "collectors/report.hpp"
#include "collectors/spread_rounds.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// So many of a poller's hosts, in the order in which it has them, are polled at this interval.
struct Pace {
    store::Seconds interval;
    std::size_t hosts = 0;
};

// Gives the targets to a poller by `add`, those of one interval in a row.
template <typename Target, typename Add>
[[nodiscard]] std::vector<Pace> add_by_interval(
    std::map<store::Seconds, std::vector<Target>> targets, const Add& add) {
    std::vector<Pace> paces;
    for (auto& [interval, of_interval] : targets) {
        paces.push_back({interval, of_interval.size()});
        for (Target& target : of_interval) add(std::move(target));
    }
    return paces;
}

// Polls all hosts at once and then each in every interval of its own by the clock `now`, spread
// over it, and serves what is open in between, for as long as `goes_on`, which is asked every half
// second or oftener. Hosts whose last poll is still under way are left out of a round.
// Counts in `counts`.
template <typename Poller>
void run_rounds(Poller& poller, const std::vector<Pace>& paces,
                const std::function<store::Time()>& now, const std::function<bool()>& goes_on,
                PollCounts& counts) {
    constexpr std::chrono::milliseconds kLongestSleep{
        500};  // also, so that a changed clock is noticed
    poller.count_in(counts);
    std::vector<SpreadRounds> rounds;
    for (const Pace& pace : paces) rounds.emplace_back(pace.interval);
    while (goes_on()) {
        std::size_t first = 0;
        for (std::size_t i = 0; i < paces.size(); ++i) {
            const SpreadRounds::Part due = rounds[i].due(now(), paces[i].hosts);
            const std::size_t begun = poller.begin(first + due.begin, first + due.end);
            counts.begun(begun, due.end - due.begin - begun, due.late);
            first += paces[i].hosts;
        }
        poller.work(kLongestSleep);
    }
}

// What is said about a host that could not be polled: a warning of `plugin` that is named by the
// way, "ssh", and no sign of life.
[[nodiscard]] Report failure_report(std::string_view way, std::string_view host,
                                    std::string_view reason, store::Time now,
                                    std::string_view plugin = "base");

}  // namespace kurabe::collectors
