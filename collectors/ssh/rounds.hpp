// Polls a poller's hosts again and again.
#pragma once

#include <functional>
#include <string_view>

#include "collectors/report.hpp"
#include "collectors/ssh/poller.hpp"

namespace kurabe::collectors::ssh {

// Polls all hosts at once and then each in every `interval` of the clock `now`, spread over it, and
// serves the sessions in between, for as long as `goes_on`, which is asked every half second or
// oftener. Hosts whose last poll is still under way are left out of a round.
// Counts in `counts`.
void run_rounds(Poller& poller, store::Seconds interval, const std::function<store::Time()>& now,
                const std::function<bool()>& goes_on, PollCounts& counts);

// What is said about a host that could not be polled: the warning "ssh", and no sign of life.
[[nodiscard]] Report failure_report(std::string_view host, std::string_view reason,
                                    store::Time now);

}  // namespace kurabe::collectors::ssh
