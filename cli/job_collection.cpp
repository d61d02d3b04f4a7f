// What becomes of jobs' reports.
#include "cli/job_collection.hpp"

#include <utility>

namespace kurabe::cli {

namespace {

constexpr OutcomeTexts kJobTexts{"plugin fails", "plugin answers again", true};

}  // namespace

JobCollection::JobCollection(std::string kind, std::string way, std::vector<collectors::Job> jobs,
                             std::size_t threads_max, const Environment& environment,
                             server::Ingest& ingest, server::Log& log)
    : polls_{.kind = std::move(kind)},
      outcomes_(std::move(way), kJobTexts, environment.now, ingest, log),
      jobs_(
          std::move(jobs), threads_max, environment.now,
          [this](const auto& job, const auto& outcome) {
              outcomes_.take({.host = job.host, .plugin = job.plugin, .interval = job.interval},
                             outcome);
          },
          polls_.counts) {}

JobCollection::~JobCollection() {
    stop();
}

void JobCollection::start() {
    jobs_.start();
}

void JobCollection::wind_down() {
    jobs_.wind_down();
}

bool JobCollection::is_idle() const {
    return jobs_.is_idle();
}

void JobCollection::stop() {
    jobs_.stop();
}

}  // namespace kurabe::cli
