// Watches many hosts over SSH on one thread: one poll(2) for all sessions, which stay open between
// polls that are not too far apart. A host that is dead, slow, silent or lying costs its own poll
// and harms no other.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <poll.h>

#include "collectors/poll_counts.hpp"
#include "collectors/ssh/watched_host.hpp"

namespace kurabe::collectors::ssh {

// Sessions that are being opened at once: that is what costs, at either end. Others wait.
inline constexpr std::size_t kOpeningMax = 128;

class Poller {
  public:
    // Told what each poll came to, from within work(). The error's message is one line that does
    // not name the host.
    using OnOutcome = std::function<void(const Target& target, const Result<Report>& outcome)>;

    // An error when the settings' files cannot be used. `now` gives the times of samples; `seed`
    // that of the back-off's jitter.
    [[nodiscard]] static Result<std::unique_ptr<Poller>> create(Settings settings,
                                                                std::function<store::Time()> now,
                                                                OnOutcome on_outcome,
                                                                std::uint64_t seed);

    // Polls that end are counted there from now on; it outlives the poller.
    void count_in(PollCounts& counts) noexcept { counts_ = &counts; }
    // `interval` is how often the host will be polled, if that is known.
    void add(Target target, std::optional<store::Seconds> interval = {});
    [[nodiscard]] std::size_t size() const noexcept { return hosts_.size(); }
    // Begins a poll of every host of which none is under way.
    void begin() { (void)begin(0, size()); }
    // Of those that were added as number `first` to `end` - 1; says how many.
    std::size_t begin(std::size_t first, std::size_t end);
    // Waits for at most `longest`, less when something comes, and goes on with what came.
    void work(std::chrono::milliseconds longest);
    // How many polls are under way.
    [[nodiscard]] std::size_t busy() const noexcept { return busy_; }

  private:
    using Clock = std::chrono::steady_clock;

    Poller(Access access, std::function<store::Time()> now, OnOutcome on_outcome,
           std::uint64_t seed);

    void advance(std::size_t index);
    void advance_due();
    void allow_to_open();
    void wait(std::chrono::milliseconds longest);

    Access access_;
    NameResolver names_;
    std::function<store::Time()> now_;
    OnOutcome on_outcome_;
    PollCounts* counts_ = nullptr;
    std::mt19937_64 random_;
    std::vector<std::unique_ptr<WatchedHost>> hosts_;
    std::vector<Clock::time_point> begun_;  // the last poll of each
    std::vector<pollfd> descriptors_;       // one per host, then the resolver's
    std::size_t busy_ = 0;
    std::size_t opening_ = 0;
};

}  // namespace kurabe::collectors::ssh
