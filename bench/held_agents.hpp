// Agents of Kurado that push their metrics once a minute, each at its own second of it, over
// connections that they keep.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace kurabe::bench {

class HeldAgents {
  public:
    // Begins at once; `port` is that of --resp. One message has `lines`.
    HeldAgents(int port, std::size_t agents, std::size_t lines);
    ~HeldAgents() = default;  // ends within a second
    HeldAgents(const HeldAgents&) = delete;
    HeldAgents& operator=(const HeldAgents&) = delete;

    // The longest that one waited for its answer behind its moment, since the last look.
    [[nodiscard]] std::chrono::microseconds longest_wait() { return longest_.exchange({}); }

  private:
    void push(const std::stop_token& stop, int port, std::size_t agents, std::size_t lines);

    std::atomic<std::chrono::microseconds> longest_{};
    std::jthread thread_;
};

}  // namespace kurabe::bench
