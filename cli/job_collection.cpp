// What becomes of jobs' reports.
#include "cli/job_collection.hpp"

#include "collectors/report_builder.hpp"

namespace kurabe::cli {

JobCollection::JobCollection(std::string kind, std::string way, std::vector<collectors::Job> jobs,
                             std::size_t threads_max, const Environment& environment,
                             server::Ingest& ingest, server::Log& log)
    : polls_{.kind = std::move(kind)},
      way_(std::move(way)),
      now_(environment.now),
      ingest_(ingest),
      log_(log),
      jobs_(
          std::move(jobs), threads_max, environment.now,
          [this](const auto& job, const auto& outcome) { take(job, outcome); }, polls_.counts) {}

JobCollection::~JobCollection() {
    stop();
}

void JobCollection::start() {
    jobs_.start();
}

void JobCollection::stop() {
    jobs_.stop();
}

// The log has when a plugin begins to fail and when it no longer does; the page has each reason.
void JobCollection::take(const collectors::Job& job, const Result<collectors::Report>& outcome) {
    const std::pair who{job.host, job.plugin};
    if (outcome) {
        if (failing_.erase(who) > 0) {
            log_.info("plugin answers again", {{"host", job.host}, {"plugin", job.plugin}});
        }
        (void)ingest_.accept(*outcome);
        return;
    }
    const std::string& reason = outcome.error().message;
    if (failing_.insert(who).second) {
        log_.warning("plugin fails",
                     {{"host", job.host}, {"plugin", job.plugin}, {"reason", reason}});
    }
    collectors::ReportBuilder builder(job.host, job.plugin, now_());
    builder.warn(way_, reason);
    collectors::Report report = builder.take();
    report.is_sign_of_life = false;
    for (collectors::Warning& warning : report.warnings) {
        warning.lifetime = collectors::warning_lifetime(job.interval);
    }
    (void)ingest_.accept(report);
}

}  // namespace kurabe::cli
