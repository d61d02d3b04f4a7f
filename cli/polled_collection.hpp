// A collection whose hosts one poller asks, each at its interval, on a thread of its own. Over SSH,
// by SNMP and by fetching they differ in what prepares them, a file for each.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "cli/lasting_thread.hpp"
#include "cli/poll_outcomes.hpp"
#include "collectors/rounds.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"

namespace kurabe::cli {

template <typename Poller>
class PolledCollection final : public Collection {
  public:
    // `kind` names it in the server's own graphs, `way` the warning of polls that fail. The
    // references must outlive it.
    PolledCollection(std::string kind, std::string way, const OutcomeTexts& texts,
                     const Environment& environment, server::Ingest& ingest, server::Log& log)
        : polls_{.kind = std::move(kind)},
          now_(environment.now),
          log_(log),
          outcomes_(std::move(way), texts, environment.now, ingest, log) {}
    ~PolledCollection() override { stop(); }
    PolledCollection(const PolledCollection&) = delete;
    PolledCollection& operator=(const PolledCollection&) = delete;

    // What the poller's outcomes go to.
    [[nodiscard]] PollOutcomes& outcomes() noexcept { return outcomes_; }
    // Before start().
    void use(std::unique_ptr<Poller> poller, std::vector<collectors::Pace> paces) {
        poller_ = std::move(poller);
        paces_ = std::move(paces);
    }

    void start() override {
        thread_.start(log_, [this](const std::stop_token& stop) {
            collectors::run_rounds(
                *poller_, paces_, now_, [&stop] { return !stop.stop_requested(); }, polls_.counts);
        });
    }
    // Within half a second; polls under way are given up.
    void stop() override { thread_.stop(); }
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    Polls polls_;
    std::function<store::Time()> now_;
    server::Log& log_;
    PollOutcomes outcomes_;
    std::unique_ptr<Poller> poller_;
    std::vector<collectors::Pace> paces_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
