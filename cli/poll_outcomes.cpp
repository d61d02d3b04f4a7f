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
    const std::pair who{polled.host, polled.plugin};
    if (!outcome) {
        const std::string& reason = outcome.error().message;
        if (failing_.insert(who).second) tell_failure(polled, reason);
        auto report = collectors::failure_report(way_, polled.host, reason, now_(), polled.plugin);
        for (auto& warning : report.warnings) {
            warning.lifetime = collectors::warning_lifetime(polled.interval);
        }
        (void)ingest_.accept(report);
        return;
    }
    if (failing_.erase(who) == 0) {
        (void)ingest_.accept(*outcome);
        return;
    }
    tell_recovery(polled);
    collectors::Report report = *outcome;
    report.plugin = polled.plugin;
    report.ended_warnings.push_back(way_);
    (void)ingest_.accept(report);
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
