// Runs what can only be done by waiting, such as programs, at its times on a bounded number of
// threads: each job once in its interval of the clock, spread over it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "collectors/poll_counts.hpp"
#include "collectors/report.hpp"
#include "collectors/spread_rounds.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// How often a job runs in a row while its reports say that there is more.
inline constexpr int kRunsInARowMax = 20;

// What is collected of one plugin of one host.
struct Job {
    std::string host;
    std::string plugin;  // identifier
    store::Seconds interval{60};
    // On one thread at a time; ends by itself, and soon after the stop token is set.
    std::function<Result<Report>(const std::stop_token& stop)> run;
};

class Jobs {
  public:
    // Told what each run came to, one call at a time. Not of runs that a stop cut off. When it
    // throws, it is called again with an error.
    using OnOutcome = std::function<void(const Job& job, const Result<Report>& outcome)>;

    // At most `threads_max` run at once. `counts` outlives it.
    Jobs(std::vector<Job> jobs, std::size_t threads_max, std::function<store::Time()> now,
         OnOutcome on_outcome, PollCounts& counts);
    ~Jobs();  // as stop()
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    void start();
    // Begins no more; what runs or waits for a thread goes on.
    void wind_down();
    // Whether nothing runs and nothing waits.
    [[nodiscard]] bool is_idle() const;
    // Waits for what is under way.
    void stop();

  private:
    struct Planned {
        Job job;
        bool is_busy = false;   // waits for a thread, or runs
        int runs_in_a_row = 0;  // the running thread's
    };
    // Jobs of one interval.
    struct Round {
        SpreadRounds rounds;
        std::vector<Planned*> jobs;
    };

    void plan(const std::stop_token& stop);
    void begin_due();
    void work(const std::stop_token& stop);
    // Whether it is to run again at once.
    [[nodiscard]] bool run(Planned& planned, const std::stop_token& stop);
    // False when there was no memory for it.
    [[nodiscard]] bool hand_in(const Job& job, const Result<Report>& outcome);

    std::vector<std::unique_ptr<Planned>> planned_;
    std::map<store::Seconds, Round> rounds_;  // the planning thread's
    std::size_t threads_max_;
    std::function<store::Time()> now_;
    OnOutcome on_outcome_;
    // Made before it is needed: then there is no memory.
    const Result<Report> not_kept_ = fail(ErrorCode::kSystem, "its report could not be kept");
    PollCounts& counts_;
    std::mutex outcome_mutex_;  // held while on_outcome_ is called; no other is taken then
    mutable std::mutex mutex_;  // guards queue_, busy_ and is_busy of all
    std::condition_variable_any changed_;
    std::deque<Planned*> queue_;
    std::size_t busy_ = 0;  // jobs that are
    std::stop_source planning_;
    std::vector<std::jthread> threads_;
};

}  // namespace kurabe::collectors
