// Killed updates: a process that dies in an update leaves the file as it was before or after it,
// except in the few instructions that store.
#include <csignal>
#include <cstring>
#include <functional>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/rrd/updater.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr bool kHasSanitizer =
#ifdef KURABE_SANITIZED
    true;
#else
    false;
#endif

constexpr std::int64_t kFirst_s = 1'700'000'010;

Result<void> update(const std::filesystem::path& path, std::string_view argument) {
    auto updater = Updater::open(path);
    if (!updater) return std::unexpected(updater.error());
    static const TimeZone zone = TimeZone::utc();
    const UpdateClock clock{SampleTime{}, zone};
    if (auto updated = updater->update(argument, updater->usual_order(), clock); !updated) {
        return updated;
    }
    return updater->finish();
}

// A child process that waits to be told, until `work` is done or it is killed.
class Child {
  public:
    explicit Child(const std::function<void()>& work, bool traced) : pid_(::fork()) {
        if (pid_ != 0) return;
        if (traced) {
            ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
            ::raise(SIGSTOP);
        }
        work();
        ::_exit(0);
    }
    ~Child() {
        if (ended_) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Waits until it stops; false when it has ended.
    bool wait() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        ended_ = WIFEXITED(status) || WIFSIGNALED(status);
        return !ended_;
    }
    bool step() {
        ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr);
        return wait();
    }
    void kill() const { ::kill(pid_, SIGKILL); }

  private:
    pid_t pid_;
    bool ended_ = false;
};

// What a file holds at any moment.
class LiveView {
  public:
    explicit LiveView(const std::filesystem::path& path) : size_(std::filesystem::file_size(path)) {
        std::FILE* const file = std::fopen(path.c_str(), "rb");
        bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, ::fileno(file), 0);
        std::fclose(file);
    }
    ~LiveView() { ::munmap(bytes_, size_); }
    LiveView(const LiveView&) = delete;
    LiveView& operator=(const LiveView&) = delete;
    [[nodiscard]] bool holds(const std::string& state) const {
        return std::memcmp(bytes_, state.data(), size_) == 0;
    }

  private:
    std::size_t size_;
    void* bytes_;
};

// The number of data sources.
class RrdCrash : public testing::TestWithParam<int> {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        // Kurado's archives with few rows: comparing the whole file is quick.
        std::string command = "create " + path_.string() + " -b 1699999990 -s 60";
        for (int i = 0; i < GetParam(); ++i) command += fmt::format(" DS:n{}:DERIVE:120:U:U", i);
        const auto made = rrdtool_.run(
            command +
            " RRA:AVERAGE:0.5:1:28 RRA:AVERAGE:0.5:5:28 RRA:AVERAGE:0.5:60:9 "
            "RRA:AVERAGE:0.5:1440:11 RRA:MAX:0.5:5:28 RRA:MAX:0.5:60:9 RRA:MAX:0.5:1440:11");
        ASSERT_TRUE(made.ok) << made.text;
        for (int minute = 0; minute <= kMinutes; ++minute) {
            ASSERT_TRUE(update(path_, argument(minute)));
        }
    }
    static std::string argument(int minute) {
        std::string text = std::to_string(kFirst_s + 60 * minute);
        for (int i = 0; i < GetParam(); ++i) text += fmt::format(":{}", (1000 + i) * minute);
        return text;
    }
    // The file after one more update.
    [[nodiscard]] std::string state_after(int minute) const {
        const auto copy = directory_.path() / "copy.rrd";
        std::filesystem::copy_file(path_, copy, std::filesystem::copy_options::overwrite_existing);
        EXPECT_TRUE(update(copy, argument(minute)));
        return tests::read_file(copy);
    }

    // After so many minutes the next one ends an hour, and rows of all RRAs but the days'.
    static constexpr int kMinutes = 26;
    tests::TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_.path() / "a.rrd";
    tests::RrdtoolProcess rrdtool_;
};

struct Steps {
    int all = 0;
    int between = 0;  // in which the file is neither as before nor as after
};

TEST_P(RrdCrash, FewInstructionsOfAnUpdateLeaveAFileInBetween) {
    if (kHasSanitizer) GTEST_SKIP() << "a sanitizer's own instructions would be counted";
    const std::string before = tests::read_file(path_);
    const std::string after = state_after(kMinutes + 1);
    ASSERT_FALSE(before == after);
    const LiveView view(path_);
    Child child([&] { (void)update(path_, argument(kMinutes + 1)); }, true);
    ASSERT_TRUE(child.wait());
    Steps steps;
    while (child.step()) {
        ++steps.all;
        if (!view.holds(before) && !view.holds(after)) ++steps.between;
    }
    EXPECT_TRUE(view.holds(after));
    EXPECT_GT(steps.between, 0) << "the stretch must be seen";
    // 0.8 % where the C library's memmove stores 64 bytes at a time, 1.2 % where 32 are the most
    // that the processor can; 2 % would be another way of storing.
    EXPECT_LT(steps.between * 100, 2 * steps.all);
    fmt::print("{} of {} instructions from open to exit ({:.2f} %) leave the file in between\n",
               steps.between, steps.all, 100.0 * steps.between / steps.all);
}

// The minute of the last update; -1 for a file that cannot be read.
int last_minute(const std::filesystem::path& path) {
    const auto archive = Archive::open(path, File::Access::kRead);
    if (!archive) return -1;
    return static_cast<int>((archive->header().live.last_update_seconds - kFirst_s) / 60);
}

// Killed anywhere, again and again: what is left can always be read and updated further, and all
// but a few times it is what the updates so far make of it.
TEST_P(RrdCrash, KilledWritersLeaveOneOfTwoStates) {
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937 random(seed);
    const auto model = directory_.path() / "model.rrd";
    std::filesystem::copy_file(path_, model);
    const int rounds = tests::is_nightly() ? 2000 : 100;
    int minute = kMinutes;
    int between = 0;
    for (int round = 0; round < rounds; ++round) {
        Child writer(
            [&] {
                for (int next = minute + 1;; ++next) (void)update(path_, argument(next));
            },
            false);
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 2000});
        writer.kill();
        ASSERT_FALSE(writer.wait());
        const int reached = last_minute(path_);
        ASSERT_GE(reached, minute);
        while (minute < reached) ASSERT_TRUE(update(model, argument(++minute)));
        if (tests::read_file(path_) == tests::read_file(model)) continue;
        ++between;
        std::filesystem::copy_file(model, path_, std::filesystem::copy_options::overwrite_existing);
    }
    fmt::print("{} of {} killed writers were just storing\n", between, rounds);
    EXPECT_LT(between * 5, rounds);
    EXPECT_TRUE(rrdtool_.run("update " + path_.string() + " " + argument(1'000'000)).ok);
}

INSTANTIATE_TEST_SUITE_P(Sources, RrdCrash, testing::Values(1, 5));

}  // namespace
}  // namespace kurabe::store::rrd
