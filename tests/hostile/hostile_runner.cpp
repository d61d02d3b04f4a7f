// One child after the other, and the shared page in which it says where it is.
#include "tests/hostile/hostile_runner.hpp"

#include <atomic>
#include <csignal>
#include <cstring>
#include <exception>
#include <stdexcept>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

#ifdef KURABE_SANITIZED
constexpr bool kSanitized = true;  // its shadow memory needs all address space there is
#else
constexpr bool kSanitized = false;
#endif

constexpr int kThrewStatus = 77;

// What the child tells its parent, also by dying.
struct Progress {
    std::atomic<std::size_t> index;
    char exception[200];
};

class SharedProgress {
  public:
    SharedProgress()
        : memory_(::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED) throw std::runtime_error("mmap");
        new (memory_) Progress{};
    }
    ~SharedProgress() { ::munmap(memory_, sizeof(Progress)); }
    SharedProgress(const SharedProgress&) = delete;
    SharedProgress& operator=(const SharedProgress&) = delete;
    Progress* operator->() const noexcept { return static_cast<Progress*>(memory_); }

  private:
    void* memory_;
};

void limit_memory(std::uint64_t bytes) {
    if (kSanitized) return;
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_AS, &limit);
}

// SIGALRM ends the child when a case takes too long.
[[noreturn]] void run_in_child(std::size_t first, std::size_t cases,
                               const std::function<void(std::size_t)>& run,
                               const HostileLimits& limits, const SharedProgress& progress) {
    std::signal(SIGALRM, SIG_DFL);
    limit_memory(limits.memory_bytes);
    for (std::size_t index = first; index < cases; ++index) {
        progress->index = index;
        ::alarm(static_cast<unsigned>(limits.per_case.count()));
        try {
            run(index);
        } catch (const std::exception& exception) {
            std::strncpy(progress->exception, exception.what(), sizeof progress->exception - 1);
            ::_exit(kThrewStatus);
        }
    }
    progress->index = cases;
    ::_exit(0);
}

std::string death(int status, const HostileLimits& limits, const SharedProgress& progress) {
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        return "still running after " + std::to_string(limits.per_case.count()) + " s";
    }
    if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) == kThrewStatus) return std::string("threw ") + progress->exception;
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::vector<HostileFailure> run_hostile(std::size_t cases,
                                        const std::function<void(std::size_t)>& run,
                                        const HostileLimits& limits) {
    const SharedProgress progress;
    std::vector<HostileFailure> failures;
    for (std::size_t next = 0; next < cases && failures.size() < kFailuresMax;) {
        const pid_t child = ::fork();
        if (child == -1) throw std::runtime_error("fork");
        if (child == 0) run_in_child(next, cases, run, limits, progress);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status == 0 && progress->index == cases) break;
        failures.push_back({progress->index, death(status, limits, progress)});
        next = progress->index + 1;
    }
    return failures;
}

}  // namespace kurabe::tests
