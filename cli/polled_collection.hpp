// A collection whose hosts one poller asks, each at its interval, on a thread of its own. Over SSH,
// by SNMP and by fetching they differ in what prepares them, a file for each.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
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
    // Before start(). With a `turn` the poller is used, and ends, while its thread has that.
    void use(std::unique_ptr<Poller> poller, std::vector<collectors::Pace> paces,
             std::shared_ptr<std::timed_mutex> turn = {}) {
        poller_ = std::move(poller);
        paces_ = std::move(paces);
        turn_ = std::move(turn);
    }

    void start() override {
        is_idle_ = false;
        thread_.start(log_, [this](const std::stop_token& stop) { work(stop); });
    }
    void wind_down() override { begins_more_ = false; }
    [[nodiscard]] bool is_idle() const override { return is_idle_; }
    // Within half a second; polls under way are given up.
    void stop() override { thread_.stop(); }
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    static constexpr std::chrono::milliseconds kLook{500};

    // Nothing of it is had when there is none.
    [[nodiscard]] std::unique_lock<std::timed_mutex> take_turn(const std::stop_token& stop) const {
        if (!turn_) return {};
        std::unique_lock turn(*turn_, std::defer_lock);
        while (!stop.stop_requested() && !turn.try_lock_for(kLook)) {
        }
        return turn;
    }

    void work(const std::stop_token& stop) {
        const auto turn = take_turn(stop);
        if (turn_ && !turn.owns_lock()) return;
        const auto goes_on = [this, &stop] { return begins_more_ && !stop.stop_requested(); };
        collectors::run_rounds(*poller_, paces_, now_, goes_on, polls_.counts);
        while (!stop.stop_requested()) {
            is_idle_ = poller_->busy() == 0;
            poller_->work(kLook);
        }
        poller_.reset();
        is_idle_ = true;
    }

    Polls polls_;
    std::function<store::Time()> now_;
    server::Log& log_;
    PollOutcomes outcomes_;
    std::unique_ptr<Poller> poller_;
    std::vector<collectors::Pace> paces_;
    std::shared_ptr<std::timed_mutex> turn_;
    std::atomic<bool> begins_more_ = true;
    std::atomic<bool> is_idle_ = true;
    LastingThread thread_;
};

}  // namespace kurabe::cli
