// The schedule on a clock that the test turns.
#include "collectors/schedule.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr store::Time at(int second) {
    return store::Time{store::Seconds{second}};
}

// Ticks in the order in which they ran, for tests to wait on.
class Ticks {
  public:
    void add(store::Time tick) {
        const std::lock_guard lock(mutex_);
        ticks_.push_back(static_cast<int>(tick.time_since_epoch().count()));
        changed_.notify_all();
    }
    std::vector<int> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return ticks_.size() >= count; });
        return ticks_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> ticks_;
};

class ScheduleTest : public ::testing::Test {
  protected:
    void set_clock(int second) { clock_ = second; }
    ScheduledTask task(int interval, bool at_once = false) {
        return {.interval = store::Seconds{interval}, .at_once = at_once, .run = [this](auto tick) {
                    ticks_.add(tick);
                }};
    }

    // Returns after the schedule has looked at the clock and acted on what it saw.
    void wait_for_a_look() {
        const int seen = looks_;
        while (looks_ < seen + 2) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }

    std::atomic<int> clock_ = 1000;
    std::atomic<int> looks_ = 0;
    Ticks ticks_;
    Schedule schedule_{[this] {
        ++looks_;
        return at(clock_);
    }};
};

TEST(NextTick, IsTheNextMultiple) {
    EXPECT_EQ(next_tick(at(59), store::Seconds{60}), at(60));
    EXPECT_EQ(next_tick(at(60), store::Seconds{60}), at(120));
    EXPECT_EQ(next_tick(at(61), store::Seconds{60}), at(120));
}

TEST_F(ScheduleTest, RunsAtMultiplesOfTheInterval) {
    schedule_.add(task(60));
    schedule_.start();
    set_clock(1020);
    EXPECT_THAT(ticks_.wait_for(1), ElementsAre(1020));
    set_clock(1081);
    EXPECT_THAT(ticks_.wait_for(2), ElementsAre(1020, 1080));
}

TEST_F(ScheduleTest, RunsAtOnceWhenAsked) {
    schedule_.add(task(60, true));
    schedule_.start();
    EXPECT_THAT(ticks_.wait_for(1), ElementsAre(1000));
    set_clock(1020);
    EXPECT_THAT(ticks_.wait_for(2), ElementsAre(1000, 1020));
}

TEST_F(ScheduleTest, TicksThatWerePassedOverAreNotMadeUpFor) {
    schedule_.add(task(60));
    schedule_.start();
    set_clock(1330);
    EXPECT_THAT(ticks_.wait_for(1), ElementsAre(1320));
    set_clock(1380);
    EXPECT_THAT(ticks_.wait_for(2), ElementsAre(1320, 1380));
}

TEST_F(ScheduleTest, AClockSetBackDoesNotStallIt) {
    schedule_.add(task(60));
    schedule_.start();
    set_clock(1020);
    (void)ticks_.wait_for(1);
    set_clock(500);
    wait_for_a_look();
    set_clock(540);
    EXPECT_THAT(ticks_.wait_for(2), ElementsAre(1020, 540));
}

TEST_F(ScheduleTest, NothingRunsAfterStop) {
    schedule_.add(task(60));
    schedule_.start();
    schedule_.stop();
    set_clock(2000);
    EXPECT_THAT(ticks_.wait_for(0), IsEmpty());
}

TEST_F(ScheduleTest, StopMayBeCalledTwiceAndWithoutStart) {
    Schedule never_started([] { return at(0); });
    never_started.stop();
    never_started.stop();
}

}  // namespace
}  // namespace kurabe::collectors
