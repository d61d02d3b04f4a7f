// A process that is killed while it appends and writes checkpoints: the store that is opened next
// has all that was acknowledged, and is bit for bit that of a process that was never killed.
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store/store_scenario.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/system_calls.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The number of the last acknowledged batch, seen by parent and child.
class SharedNumber {
  public:
    SharedNumber()
        : number_(static_cast<std::atomic<std::int64_t>*>(
              ::mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        new (number_) std::atomic<std::int64_t>(-1);
    }
    ~SharedNumber() { ::munmap(number_, sizeof *number_); }
    SharedNumber(const SharedNumber&) = delete;
    SharedNumber& operator=(const SharedNumber&) = delete;
    std::atomic<std::int64_t>& operator*() const { return *number_; }

  private:
    std::atomic<std::int64_t>* number_;
};

template <typename Run>
pid_t start_child(Run run) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
        run();
    } catch (const std::exception& exception) {
        std::fputs(exception.what(), stderr);
        ::_exit(3);
    }
    ::_exit(0);
}

// Whether the child was killed, and did not end by itself.
bool was_killed(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        EXPECT_EQ(WTERMSIG(status), SIGKILL);
        return true;
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
    return false;
}

class StoreKill : public testing::Test {
  protected:
    void SetUp() override { fs::create_directories(root_); }
    void TearDown() override { fs::remove_all(root_); }

    // Appends from batch `from` on while checkpoints are written.
    void live(std::uint64_t seed, std::int64_t from) const {
        const auto store = tests::open_store(root_ / "data", tests::scenario_options(3ms));
        tests::Scenario scenario(seed);
        for (std::int64_t number = 0; number < from; ++number) (void)scenario.next();
        std::atomic<bool> is_over = false;
        std::thread checkpoints([&] {
            while (!is_over) (void)store->checkpoint(2ms, {});
        });
        for (std::int64_t number = from; number < from + 400; ++number) {
            if (!store->append(scenario.next())) ::_exit(4);
            *acknowledged_ = number;
        }
        is_over = true;
        checkpoints.join();
    }

    // So that as much happens on a slow machine: killed soon after it has got so far. A batch takes
    // less than tests::wait_for() sleeps.
    void wait_for_batch(std::int64_t number) const {
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        while (*acknowledged_ < number && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(50us);
        }
    }

    static void kill_after(pid_t child, std::chrono::microseconds time) {
        std::this_thread::sleep_for(time);
        ::kill(child, SIGKILL);
        (void)was_killed(child);
    }

    // The twin takes the batches up to that number.
    void advance_twin(Store& twin, std::int64_t last) {
        for (; twin_next_ <= last; ++twin_next_) {
            ASSERT_TRUE(twin.append(twin_scenario_.next()));
        }
    }

    // What the store has must be what was acknowledged, and at most one batch more.
    std::int64_t expect_recovered(const Store& store, Store& twin) {
        const std::int64_t last = tests::last_batch_of(store);
        EXPECT_GE(last, (*acknowledged_).load());
        EXPECT_LE(last, (*acknowledged_).load() + 1);
        EXPECT_TRUE(store.recovery().complaints.empty());
        advance_twin(twin, last);
        EXPECT_EQ(tests::difference(store, twin), "");
        *acknowledged_ = last;
        return last;
    }

    static constexpr std::uint64_t kSeed = 7;
    const StoreOptions at_once_ = tests::scenario_options(0ms);
    const fs::path root_ =
        tests::fast_directory() / fmt::format("kurabe-kill-{}-{}", ::getpid(),
                                              testing::UnitTest::GetInstance()->random_seed());
    SharedNumber acknowledged_;
    tests::Scenario twin_scenario_{kSeed};
    std::int64_t twin_next_ = 0;
};

TEST_F(StoreKill, AtAnyMomentLosesNothingThatWasAcknowledged) {
    const int kills = tests::is_nightly() ? 1000 : 60;
    std::mt19937_64 random(kSeed);
    const auto twin = tests::open_store(root_ / "twin", at_once_);
    std::int64_t last = -1;
    std::uint64_t batches = 0;
    for (int kill = 0; kill < kills; ++kill) {
        SCOPED_TRACE(fmt::format("kill {}", kill));
        const pid_t living = start_child([&] { live(kSeed, last + 1); });
        // Every fourth at any time, also before it has begun.
        if (kill % 4 != 0) wait_for_batch(last + 1 + static_cast<std::int64_t>(random() % 20));
        kill_after(living, std::chrono::microseconds{random() % (kill % 4 == 0 ? 25'000 : 2'000)});
        // While it recovers, too.
        if (kill % 3 == 0) {
            kill_after(start_child([&] { (void)tests::open_store(root_ / "data", at_once_); }),
                       std::chrono::microseconds{random() % 4'000});
        }
        const auto store = tests::open_store(root_ / "data", at_once_);
        const std::int64_t before = last;
        last = expect_recovered(*store, *twin);
        batches += static_cast<std::uint64_t>(last - before);
        if (HasFailure()) return;
        EXPECT_TRUE(kill % 4 != 0 || store->close());
    }
    RecordProperty("batches", std::to_string(batches));
    EXPECT_GT(batches, static_cast<std::uint64_t>(kills)) << "hardly anything happened";
}

// Each step of the journal, of archives that are made or grow, and of checkpoints.
TEST_F(StoreKill, AtEverySystemCallLosesNothingThatWasAcknowledged) {
    const std::uint64_t step = tests::is_nightly() ? 1 : 7;
    std::uint64_t calls = 1;
    for (;; calls += step) {
        SCOPED_TRACE(fmt::format("killed at call {}", calls));
        *acknowledged_ = -1;
        const pid_t child = start_child([&] {
            const tests::SystemCalls watch(
                [count = std::uint64_t{0}, calls](const tests::SystemCall&) mutable {
                    if (++count == calls) ::raise(SIGKILL);
                    return 0;
                });
            const auto store = tests::open_store(root_ / "data", at_once_);
            tests::Scenario scenario(kSeed);
            for (std::int64_t number = 0; number < 40; ++number) {
                if (!store->append(scenario.next())) ::_exit(4);
                *acknowledged_ = number;
                if (number % 7 == 6 && !store->checkpoint()) ::_exit(5);
            }
        });
        if (!was_killed(child)) break;
        const auto store = tests::open_store(root_ / "data", at_once_);
        const auto twin = tests::open_store(root_ / "twin", at_once_);
        twin_scenario_ = tests::Scenario(kSeed);
        twin_next_ = 0;
        (void)expect_recovered(*store, *twin);
        if (HasFailure()) return;
        fs::remove_all(root_ / "data");
        fs::remove_all(root_ / "twin");
    }
    EXPECT_GT(calls, 100U) << "the calls are no longer seen";
}

}  // namespace
}  // namespace kurabe::store
