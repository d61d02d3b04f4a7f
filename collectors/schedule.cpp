// One thread that looks at the clock five times a second.
#include "collectors/schedule.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kurabe::collectors {

namespace {

constexpr std::chrono::milliseconds kClockLook{200};

}  // namespace

store::Time next_tick(store::Time now, store::Seconds interval) noexcept {
    return now - now.time_since_epoch() % interval + interval;
}

Schedule::Schedule(std::function<store::Time()> now) : now_(std::move(now)) {}

Schedule::~Schedule() {
    stop();
}

void Schedule::add(ScheduledTask task) {
    planned_.push_back({std::move(task), {}});
}

void Schedule::start() {
    const store::Time now = now_();
    for (Planned& planned : planned_) {
        planned.due = planned.task.at_once ? now : next_tick(now, planned.task.interval);
    }
    thread_ = std::thread([this] { work(); });
}

void Schedule::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Schedule::work() {
    do {
        run_due_tasks(now_());
    } while (!rest());
}

void Schedule::run_due_tasks(store::Time now) {
    for (Planned& planned : planned_) {
        const store::Seconds interval = planned.task.interval;
        if (planned.due > now + interval) {
            planned.due = next_tick(now, interval);  // the clock was set back
        }
        if (planned.due > now || stopping()) {
            continue;
        }
        // Of ticks that piled up, during a long task or by a clock set forward, the newest counts.
        const store::Time tick = std::max(planned.due, next_tick(now, interval) - interval);
        planned.task.run(tick);
        planned.due = next_tick(tick, interval);
    }
}

bool Schedule::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

bool Schedule::rest() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kClockLook, [this] { return stopping_; });
}

}  // namespace kurabe::collectors
