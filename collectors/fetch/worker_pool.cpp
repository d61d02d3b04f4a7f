// Threads that share a queue.
#include "collectors/fetch/worker_pool.hpp"

#include <exception>
#include <utility>

#include <sys/eventfd.h>

namespace kurabe::collectors::fetch {

class WorkerPool::Job {
  public:
    explicit Job(Work work) : work_(std::move(work)) {}

    // Want of memory fails the job and nothing else.
    void run(const std::stop_token& stop) {
        Answers answers;
        try {
            answers = work_(stop);
        } catch (const std::exception& exception) {
            answers.assign(1, fail(ErrorCode::kSystem, exception.what()));
        }
        const std::lock_guard lock(mutex_);
        answers_ = std::move(answers);
    }
    [[nodiscard]] std::optional<Answers> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(answers_, std::nullopt);
    }

  private:
    Work work_;
    std::mutex mutex_;  // guards answers_
    std::optional<Answers> answers_;
};

WorkerPool::WorkerPool(std::size_t threads_max)
    : threads_max_(threads_max), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

WorkerPool::~WorkerPool() {
    for (std::jthread& thread : threads_) thread.request_stop();
}

std::shared_ptr<WorkerPool::Job> WorkerPool::begin(Work work) {
    auto job = std::make_shared<Job>(std::move(work));
    const std::lock_guard lock(mutex_);
    queue_.push_back(job);
    if (idle_ < queue_.size() && threads_.size() < threads_max_) {
        threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
    }
    changed_.notify_one();
    return job;
}

std::optional<WorkerPool::Answers> WorkerPool::take(Job& job) {
    return job.take();
}

void WorkerPool::drain() noexcept {
    eventfd_t count = 0;
    (void)::eventfd_read(event_.number(), &count);
}

void WorkerPool::run(const std::stop_token& stop) {
    while (true) {
        std::shared_ptr<Job> job;
        {
            std::unique_lock lock(mutex_);
            ++idle_;
            const bool has_work = changed_.wait(lock, stop, [this] { return !queue_.empty(); });
            --idle_;
            if (!has_work || stop.stop_requested()) return;
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job->run(stop);
        (void)::eventfd_write(event_.number(), 1);
    }
}

}  // namespace kurabe::collectors::fetch
