// Cuts connections that are too slow: a client that sends a header byte now and then, never ends
// its body or never reads its answer holds a thread only until its deadline.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace kurabe::server {

// What a connection is waiting for.
enum class ConnectionPhase : std::uint8_t {
    kRequest,  // the next request's head; may be cut at any time, nothing is lost
    kBody,
    kAnswer,  // being computed and sent
};

// Thread-safe.
class ConnectionWatch {
  public:
    using Clock = std::chrono::steady_clock;

    // One watched connection; the watch must outlive it.
    class Watched {
      public:
        ~Watched();
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;

        // Begins a phase that may last `limit`. False when the connection should end instead of
        // waiting for a request: the watch is closed or, without a descriptor, could not cut it.
        [[nodiscard]] bool begin(ConnectionPhase phase, Clock::duration limit);

      private:
        friend class ConnectionWatch;
        Watched(ConnectionWatch& watch, std::uint64_t id) : watch_(watch), id_(id) {}
        ConnectionWatch& watch_;
        std::uint64_t id_;
    };

    ConnectionWatch();
    ~ConnectionWatch();
    ConnectionWatch(const ConnectionWatch&) = delete;
    ConnectionWatch& operator=(const ConnectionWatch&) = delete;

    // `descriptor` is the connection's socket. The watch works on a duplicate of its own, so that
    // it never shuts down another connection that got the same number.
    [[nodiscard]] Watched watch(int descriptor);

    // Cuts the connections that wait for a request, now and from now on.
    void close();

  private:
    struct Entry {
        int descriptor;
        ConnectionPhase phase;
        Clock::time_point deadline;
    };

    void cut_late_ones(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::uint64_t, Entry> entries_;
    Clock::time_point next_look_ = Clock::time_point::max();
    std::uint64_t next_id_ = 0;
    bool closed_ = false;
    std::jthread cutter_;  // last: uses all the others
};

}  // namespace kurabe::server
