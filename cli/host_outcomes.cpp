// What becomes of a server's polls of other machines.
#include "cli/host_outcomes.hpp"

#include <utility>

#include "collectors/rounds.hpp"

namespace kurabe::cli {

HostOutcomes::HostOutcomes(std::string way, std::function<store::Time()> now,
                           server::Ingest& ingest, server::Log& log)
    : way_(std::move(way)), now_(std::move(now)), ingest_(ingest), log_(log) {}

void HostOutcomes::take(const std::string& host, const Result<collectors::Report>& outcome,
                        std::string_view plugin) {
    if (outcome) {
        if (failing_.erase(host) == 0) {
            (void)ingest_.accept(*outcome);
            return;
        }
        log_.info("host answers again", {{"host", host}});
        collectors::Report report = *outcome;
        report.plugin = plugin;
        report.ended_warnings.push_back(way_);
        (void)ingest_.accept(report);
        return;
    }
    const std::string& reason = outcome.error().message;
    if (failing_.insert(host).second) {
        log_.warning("host does not answer", {{"host", host}, {"reason", reason}});
    }
    (void)ingest_.accept(collectors::failure_report(way_, host, reason, now_(), plugin));
}

}  // namespace kurabe::cli
