// The agent's way to its server: a thread that hands over what the spool has, oldest first, and
// keeps trying for as long as the server does not take it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

#include "cli/body_size.hpp"
#include "cli/line_sender.hpp"
#include "collectors/agent/spool.hpp"
#include "server/log.hpp"
#include "server/now_and_then.hpp"

namespace kurabe::cli {

class AgentDelivery {
  public:
    // `log` must outlive it. `seed` spreads the attempts of many agents.
    AgentDelivery(collectors::agent::Spool spool, LineSender sender, server::Log& log,
                  std::uint64_t seed);
    ~AgentDelivery();  // as stop()
    AgentDelivery(const AgentDelivery&) = delete;
    AgentDelivery& operator=(const AgentDelivery&) = delete;

    void start();
    // Tries once more, for a few seconds, and ends.
    void stop();
    // Any thread. What goes wrong is in the log.
    void add(std::string lines);
    // Any thread. Whether the server forbade something since this was asked last.
    [[nodiscard]] bool was_forbidden() noexcept { return was_forbidden_.exchange(false); }

  private:
    void work(const std::stop_token& stop);
    // As hand_over(); what it throws is in the log.
    [[nodiscard]] bool attempt(const std::stop_token& stop, std::chrono::seconds longest);
    // Whether there is more to do at once. Given up when `stop` is requested, or after `longest`.
    [[nodiscard]] bool hand_over(const std::stop_token& stop, std::chrono::seconds longest);
    [[nodiscard]] std::optional<collectors::agent::Spool::Batches> oldest();
    void forget(std::uint64_t last);
    void tell(const std::expected<SentLines, NotTaken>& sent);
    // After a failure, twice as long as after the one before.
    [[nodiscard]] std::chrono::milliseconds pause();

    LineSender sender_;
    server::Log& log_;
    std::mutex mutex_;  // guards spool_
    std::condition_variable_any changed_;
    collectors::agent::Spool spool_;
    std::size_t told_dropped_ = 0;
    BodySize size_;
    std::atomic<bool> was_forbidden_{false};
    std::mt19937_64 random_;
    unsigned failures_ = 0;  // in a row
    server::NowAndThen refusals_told_;
    std::jthread thread_;
};

}  // namespace kurabe::cli
