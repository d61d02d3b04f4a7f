// Polls a poller's hosts again and again.
#include "collectors/ssh/rounds.hpp"

#include <chrono>
#include <string>

#include "collectors/report_builder.hpp"
#include "collectors/spread_rounds.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::chrono::milliseconds kLook{500};  // also, so that a changed clock is noticed

}  // namespace

void run_rounds(Poller& poller, store::Seconds interval, const std::function<store::Time()>& now,
                const std::function<bool()>& goes_on, PollCounts& counts) {
    poller.count_in(counts);
    SpreadRounds rounds(interval);
    while (goes_on()) {
        const SpreadRounds::Part due = rounds.due(now(), poller.size());
        const std::size_t begun = poller.begin(due.begin, due.end);
        counts.begun(begun, due.end - due.begin - begun, due.late);
        poller.work(kLook);
    }
}

Report failure_report(std::string_view host, std::string_view reason, store::Time now) {
    ReportBuilder builder(host, "base", now);
    builder.warn("ssh", std::string(reason));
    Report report = builder.take();
    report.is_sign_of_life = false;
    return report;
}

}  // namespace kurabe::collectors::ssh
