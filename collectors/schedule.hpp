// Runs tasks at every multiple of their interval of the wall clock, on one thread.
// Of several ticks that came while a task was running, or that a clock jump passed over, only the
// newest is run.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/types.hpp"

namespace kurabe::collectors {

struct ScheduledTask {
    store::Seconds interval{60};           // ticks at multiples of it since the epoch
    bool at_once = false;                  // also when the schedule starts
    std::function<void(store::Time)> run;  // given the time of the tick; must not throw
};

// The first multiple of `interval` after `now`.
[[nodiscard]] store::Time next_tick(store::Time now, store::Seconds interval) noexcept;

class Schedule {
  public:
    // `now` is asked from the schedule's thread.
    explicit Schedule(std::function<store::Time()> now);
    ~Schedule();  // as stop()
    Schedule(const Schedule&) = delete;
    Schedule& operator=(const Schedule&) = delete;

    // Before start().
    void add(ScheduledTask task);
    void start();
    // Ends after the task under way, if any; no task runs afterwards.
    void stop();

  private:
    struct Planned {
        ScheduledTask task;
        store::Time due;
    };

    void work();
    void run_due_tasks(store::Time now);
    [[nodiscard]] bool stopping();
    // Sleeps for a moment, so that a changed clock is noticed; true when it is time to stop.
    [[nodiscard]] bool rest();

    std::function<store::Time()> now_;
    std::vector<Planned> planned_;
    std::mutex mutex_;  // guards stopping_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kurabe::collectors
