// What becomes of a server's polls of other machines.
#include "cli/poll_outcomes.hpp"

#include <utility>

#include "collectors/rounds.hpp"

namespace kurabe::cli {

PollOutcomes::PollOutcomes(std::string way, const OutcomeTexts& texts,
                           std::function<store::Time()> now, server::Ingest& ingest,
                           server::Log& log)
    : way_(std::move(way)), texts_(texts), now_(std::move(now)), ingest_(ingest), log_(log) {}

void PollOutcomes::take(const PolledPlugin& polled, const Result<collectors::Report>& outcome) {
    const auto [known, is_first] = fails_.try_emplace({polled.host, polled.plugin}, false);
    const bool failed_before = std::exchange(known->second, !outcome);
    if (!outcome) {
        const std::string& reason = outcome.error().message;
        if (!failed_before) tell_failure(polled, reason);
        (void)ingest_.accept(
            collectors::failure_report(way_, polled.host, reason, now_(), polled.plugin),
            polled.interval);
        return;
    }
    (void)ingest_.accept(*outcome, polled.interval);
    if (failed_before) tell_recovery(polled);
    if (is_first || failed_before) end_failure(polled);
}

// A report of its own, so that the poll's, which may be large, is not copied.
void PollOutcomes::end_failure(const PolledPlugin& polled) {
    collectors::Report report;
    report.batch.host = polled.host;
    report.time = now_();
    report.plugin = polled.plugin;
    report.ended_warnings.push_back(way_);
    (void)ingest_.accept(report, polled.interval);
}

void PollOutcomes::tell_failure(const PolledPlugin& polled, const std::string& reason) {
    if (texts_.names_plugin) {
        log_.warning(texts_.fails,
                     {{"host", polled.host}, {"plugin", polled.plugin}, {"reason", reason}});
    } else {
        log_.warning(texts_.fails, {{"host", polled.host}, {"reason", reason}});
    }
}

void PollOutcomes::tell_recovery(const PolledPlugin& polled) {
    if (texts_.names_plugin) {
        log_.info(texts_.recovers, {{"host", polled.host}, {"plugin", polled.plugin}});
    } else {
        log_.info(texts_.recovers, {{"host", polled.host}});
    }
}

}  // namespace kurabe::cli
