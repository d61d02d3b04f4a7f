// Fetches plugins of many hosts on one thread, which waits once for all of them; what blocks, runs
// on a few threads more. A service that is dead, slow, endless or lying costs its own fetch and
// harms no other.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <poll.h>

#include "collectors/back_off.hpp"
#include "collectors/fetch/fetch.hpp"
#include "collectors/poll_counts.hpp"

namespace kurabe::collectors::fetch {

// Fetches at once, those of them that take a thread, and those that time something, without such as
// wait for somebody silent. Others wait for their turn.
inline constexpr std::size_t kFetchesMax = 256;
inline constexpr std::size_t kWorkersMax = 16;
inline constexpr std::size_t kProbesMax = 16;

class Fetcher {
  public:
    // Told what each fetch came to, from within work().
    using OnOutcome = std::function<void(const Target& target, const Outcome& outcome)>;

    // `now` gives the times of samples; `seed` that of the back-off's jitter.
    [[nodiscard]] static Result<std::unique_ptr<Fetcher>> create(
        std::function<store::Time()> now, OnOutcome on_outcome, std::uint64_t seed,
        std::chrono::milliseconds deadline = kFetchDeadline);
    ~Fetcher();  // gives up what is under way

    // Before begin().
    void add(Target target);
    // Fetches that end are counted there from now on; it outlives the fetcher's work.
    void count_in(PollCounts& counts) noexcept { counts_ = &counts; }
    [[nodiscard]] std::size_t size() const noexcept { return watched_.size(); }
    // Begins a fetch of every target of which none is under way or waits for its turn.
    void begin() { (void)begin(0, size()); }
    // Of those that were added as number `first` to `end` - 1; says how many.
    std::size_t begin(std::size_t first, std::size_t end);
    // Waits for at most `longest`, less when something comes, and goes on with what came.
    void work(std::chrono::milliseconds longest);
    // How many fetches are under way or wait for their turn.
    [[nodiscard]] std::size_t busy() const noexcept { return waiting_.size() + running_.size(); }

  private:
    using Clock = std::chrono::steady_clock;

    struct Watched {
        Target target;
        BackOff back_off;
        std::string last_error = {};
        bool is_busy = false;
        Clock::time_point begun = {};
    };
    struct Running {
        Watched* watched;
        std::unique_ptr<Fetch> fetch;
    };

    Fetcher(std::function<store::Time()> now, OnOutcome on_outcome, std::uint64_t seed,
            std::chrono::milliseconds deadline);

    void start_due();
    [[nodiscard]] bool start(Watched& watched, Clock::time_point now);
    [[nodiscard]] std::chrono::milliseconds probe_delay();
    void wait(std::chrono::milliseconds longest);
    void hand_out_http();
    void advance_running();
    void ended(Watched& watched, Outcome outcome);

    std::function<store::Time()> now_;
    OnOutcome on_outcome_;
    PollCounts* counts_ = nullptr;
    std::mt19937_64 random_;
    std::chrono::milliseconds deadline_;
    std::unique_ptr<HttpTransfers> http_;
    NameResolver names_;
    WorkerPool workers_{kWorkersMax};
    std::vector<std::unique_ptr<Watched>> watched_;
    std::vector<Watched*> waiting_;  // in order of their turns
    std::vector<Running> running_;
    std::size_t blocking_ = 0;  // of those running
    std::size_t probing_ = 0;   // of those running, when fetches were last started
    std::size_t probes_ = 0;    // begun so far
    std::size_t told_ = 0;      // outcomes so far
    std::vector<pollfd> descriptors_;
};

}  // namespace kurabe::collectors::fetch
