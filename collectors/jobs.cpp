// One thread plans, the others work off a queue.
#include "collectors/jobs.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace kurabe::collectors {
namespace {

constexpr std::chrono::milliseconds kLook{500};  // also, so that a changed clock is noticed

}  // namespace

Jobs::Jobs(std::vector<Job> jobs, std::size_t threads_max, std::function<store::Time()> now,
           OnOutcome on_outcome, PollCounts& counts)
    : threads_max_(std::min(threads_max, jobs.size())),
      now_(std::move(now)),
      on_outcome_(std::move(on_outcome)),
      counts_(counts) {
    for (Job& job : jobs) {
        Planned& planned =
            *planned_.emplace_back(std::make_unique<Planned>(Planned{.job = std::move(job)}));
        const store::Seconds interval = planned.job.interval;
        const auto round = rounds_.try_emplace(interval, Round{SpreadRounds(interval), {}}).first;
        round->second.jobs.push_back(&planned);
    }
}

Jobs::~Jobs() {
    stop();
}

void Jobs::start() {
    threads_.emplace_back([this] { plan(planning_.get_token()); });
    for (std::size_t i = 0; i < threads_max_; ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

void Jobs::wind_down() {
    planning_.request_stop();
}

bool Jobs::is_idle() const {
    const std::lock_guard lock(mutex_);
    return busy_ == 0;
}

void Jobs::stop() {
    wind_down();
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

void Jobs::plan(const std::stop_token& stop) {
    std::mutex nobody_elses;
    std::condition_variable_any stopped;
    while (!stop.stop_requested()) {
        begin_due();
        std::unique_lock lock(nobody_elses);
        stopped.wait_for(lock, stop, kLook, [] { return false; });
    }
}

void Jobs::begin_due() {
    const store::Time now = now_();
    for (auto& [interval, round] : rounds_) {
        const SpreadRounds::Part due = round.rounds.due(now, round.jobs.size());
        std::size_t begun = 0;
        const std::lock_guard lock(mutex_);
        for (std::size_t i = due.begin; i < due.end; ++i) {
            if (std::exchange(round.jobs[i]->is_busy, true)) continue;
            queue_.push_back(round.jobs[i]);
            ++begun;
        }
        busy_ += begun;
        counts_.begun(begun, due.end - due.begin - begun, due.late);
    }
    changed_.notify_all();
}

void Jobs::work(const std::stop_token& stop) {
    while (true) {
        std::unique_lock lock(mutex_);
        const bool is_due = changed_.wait(lock, stop, [this] { return !queue_.empty(); });
        if (!is_due || stop.stop_requested()) return;
        Planned& planned = *queue_.front();
        queue_.pop_front();
        lock.unlock();
        const bool goes_on = run(planned, stop);
        lock.lock();
        planned.is_busy = goes_on;
        if (goes_on) {
            queue_.push_back(&planned);
        } else {
            --busy_;
        }
    }
}

// Want of memory in one run, or for what it came to, must not end the others.
bool Jobs::run(Planned& planned, const std::stop_token& stop) {
    const auto begin = std::chrono::steady_clock::now();
    Result<Report> outcome;
    try {
        outcome = planned.job.run(stop);
    } catch (const std::exception& exception) {
        outcome = fail(ErrorCode::kSystem, exception.what());
    }
    if (stop.stop_requested()) return false;
    const auto took = std::chrono::steady_clock::now() - begin;
    const bool is_kept = hand_in(planned.job, outcome);
    if (!is_kept) (void)hand_in(planned.job, not_kept_);
    counts_.ended(outcome && is_kept, std::chrono::ceil<std::chrono::milliseconds>(took));
    const bool has_more = outcome && is_kept && outcome->has_more;
    planned.runs_in_a_row = has_more ? planned.runs_in_a_row + 1 : 0;
    if (!has_more || planned.runs_in_a_row % kRunsInARowMax == 0) return false;
    if (planning_.stop_requested()) return false;
    counts_.begun(1, 0, store::Seconds{0});
    return true;
}

bool Jobs::hand_in(const Job& job, const Result<Report>& outcome) {
    const std::lock_guard lock(outcome_mutex_);
    try {
        on_outcome_(job, outcome);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace kurabe::collectors
