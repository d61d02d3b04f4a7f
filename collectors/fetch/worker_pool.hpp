// A few threads for what can only be done by waiting: programs, and libraries that block.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "collectors/descriptor.hpp"
#include "collectors/fetch/answer.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

class WorkerPool {
  public:
    using Answers = std::vector<Result<Answer>>;
    // Runs on a thread of the pool, ends by itself and soon after the stop token is set.
    using Work = std::function<Answers(const std::stop_token& stop)>;
    class Job;

    // Starts threads when there is work, at most so many.
    explicit WorkerPool(std::size_t threads_max);
    ~WorkerPool();  // stops work under way and waits for its end
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    [[nodiscard]] std::shared_ptr<Job> begin(Work work);
    // What it came to, once; none while there is none.
    [[nodiscard]] static std::optional<Answers> take(Job& job);

    // To be polled for reading: a job has ended. Then drain() makes it quiet until the next.
    [[nodiscard]] int descriptor() const noexcept { return event_.number(); }
    void drain() noexcept;

  private:
    void run(const std::stop_token& stop);

    std::size_t threads_max_;
    Descriptor event_;
    std::mutex mutex_;  // guards queue_ and idle_
    std::condition_variable_any changed_;
    std::deque<std::shared_ptr<Job>> queue_;
    std::size_t idle_ = 0;
    std::vector<std::jthread> threads_;
};

}  // namespace kurabe::collectors::fetch
