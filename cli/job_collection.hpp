// A collection that runs jobs on a few threads: their reports are kept, and a plugin whose job
// fails has the reason on its host's page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "cli/poll_outcomes.hpp"
#include "collectors/jobs.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"

namespace kurabe::cli {

class JobCollection final : public Collection {
  public:
    // `kind` names it in the server's own graphs, `way` the warning of jobs that fail ("munin").
    // The references must outlive it.
    JobCollection(std::string kind, std::string way, std::vector<collectors::Job> jobs,
                  std::size_t threads_max, const Environment& environment, server::Ingest& ingest,
                  server::Log& log);
    ~JobCollection() override;  // as stop()
    JobCollection(const JobCollection&) = delete;
    JobCollection& operator=(const JobCollection&) = delete;

    void start() override;
    void wind_down() override;
    [[nodiscard]] bool is_idle() const override;
    // Within half a second; jobs under way are cut off.
    void stop() override;
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    Polls polls_;
    PollOutcomes outcomes_;
    collectors::Jobs jobs_;  // last: its threads use the others
};

}  // namespace kurabe::cli
