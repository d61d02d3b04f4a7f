// Jobs at their times on a few threads, on a clock that stands still.
#include "collectors/jobs.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/waiting.hpp"

namespace kurabe::collectors {
namespace {

constexpr store::Time kJobsNow{store::Seconds{1'700'000'040}};

void wait_until(const std::function<bool()>& condition) {
    ASSERT_TRUE(tests::wait_for(condition));
}

Job job(std::string host, std::function<Result<Report>(const std::stop_token&)> run) {
    return {.host = std::move(host),
            .plugin = "p",
            .interval = store::Seconds{60},
            .run = std::move(run)};
}

TEST(Jobs, RunOnceInTheirIntervalAtMostSoManyAtOnce) {
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    std::atomic<int> runs = 0;
    std::vector<Job> all;
    for (int i = 0; i < 20; ++i) {
        all.push_back(job(std::to_string(i), [&](const std::stop_token&) -> Result<Report> {
            const int now = ++running;
            int seen = most;
            while (now > seen && !most.compare_exchange_weak(seen, now)) {
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
            --running;
            ++runs;
            return Report{};
        }));
    }
    std::atomic<store::Time> now{kJobsNow};
    std::map<std::string, int> outcomes;
    PollCounts counts;
    Jobs jobs(
        std::move(all), 3, [&now] { return now.load(); },
        [&](const Job& ended, const Result<Report>&) { ++outcomes[ended.host]; }, counts);
    jobs.start();
    wait_until([&] { return counts.look().succeeded == 20; });
    now = kJobsNow + store::Seconds{119};
    wait_until([&] { return counts.look().succeeded == 40; });
    jobs.stop();
    EXPECT_LE(most, 3);
    EXPECT_EQ(runs, 40);
    EXPECT_EQ(outcomes.size(), 20U);
    EXPECT_EQ(counts.look().failed, 0U);
}

TEST(Jobs, FailOneByOne) {
    std::vector<Job> all;
    all.push_back(job("throws", [](const std::stop_token&) -> Result<Report> {
        throw std::runtime_error("no memory");
    }));
    all.push_back(job("fails", [](const std::stop_token&) -> Result<Report> {
        return fail(ErrorCode::kSystem, "reason");
    }));
    std::map<std::string, std::string> reasons;
    std::mutex mutex;
    PollCounts counts;
    Jobs jobs(
        std::move(all), 8, [] { return kJobsNow; },
        [&](const Job& ended, const Result<Report>& outcome) {
            const std::lock_guard lock(mutex);
            reasons[ended.host] = outcome ? "" : outcome.error().message;
        },
        counts);
    jobs.start();
    wait_until([&] { return counts.look().failed == 2; });
    jobs.stop();
    EXPECT_EQ(reasons.at("throws"), "no memory");
    EXPECT_EQ(reasons.at("fails"), "reason");
}

TEST(Jobs, WindDownByEndingWhatIsUnderWay) {
    std::atomic<int> begun = 0;
    std::atomic<bool> may_end = false;
    std::vector<Job> all;
    for (const char* const host : {"runs", "waits"}) {
        all.push_back(job(host, [&](const std::stop_token&) -> Result<Report> {
            ++begun;
            wait_until([&may_end] { return may_end.load(); });
            Report report;
            report.has_more = true;  // but nobody asks again
            return report;
        }));
    }
    std::atomic<store::Time> now{kJobsNow};
    std::atomic<int> outcomes = 0;
    PollCounts counts;
    Jobs jobs(
        std::move(all), 1, [&now] { return now.load(); },
        [&](const Job&, const Result<Report>&) { ++outcomes; }, counts);
    jobs.start();
    wait_until([&] { return begun == 1; });
    jobs.wind_down();
    EXPECT_FALSE(jobs.is_idle());
    now = kJobsNow + store::Seconds{120};
    may_end = true;
    wait_until([&] { return jobs.is_idle(); });
    EXPECT_EQ(outcomes, 2);
    EXPECT_EQ(begun, 2);
    jobs.stop();
}

TEST(Jobs, RunAgainAtOnceWhileThereIsMore) {
    std::vector<Job> all;
    int few = 0;
    int many = 0;
    all.push_back(job("few", [&few](const std::stop_token&) {
        Report report;
        report.has_more = ++few < 3;
        return report;
    }));
    all.push_back(job("many", [&many](const std::stop_token&) {
        ++many;
        Report report;
        report.has_more = true;
        return report;
    }));
    std::atomic<store::Time> now{kJobsNow};
    PollCounts counts;
    Jobs jobs(
        std::move(all), 1, [&now] { return now.load(); }, [](const Job&, const Result<Report>&) {},
        counts);
    jobs.start();
    wait_until([&] { return counts.look().succeeded == 3 + kRunsInARowMax; });
    now = kJobsNow + store::Seconds{119};
    wait_until([&] { return counts.look().succeeded == 4 + 2 * kRunsInARowMax; });
    jobs.stop();
    EXPECT_EQ(few, 4);
    EXPECT_EQ(many, 2 * kRunsInARowMax);
    EXPECT_EQ(counts.look().begun, 4U + 2 * kRunsInARowMax);
}

TEST(Jobs, OutliveReportsThatCannotBeKept) {
    std::vector<Job> all;
    for (const char* const host : {"a", "b"}) {
        all.push_back(job(host, [](const std::stop_token&) { return Report{}; }));
    }
    std::map<std::string, std::string> reasons;
    std::mutex mutex;
    PollCounts counts;
    Jobs jobs(
        std::move(all), 1, [] { return kJobsNow; },
        [&](const Job& ended, const Result<Report>& outcome) {
            if (outcome || ended.host == "b") throw std::bad_alloc();
            const std::lock_guard lock(mutex);
            reasons[ended.host] = outcome.error().message;
        },
        counts);
    jobs.start();
    wait_until([&] { return counts.look().failed == 2; });
    jobs.stop();
    EXPECT_EQ(reasons, (std::map<std::string, std::string>{{"a", "its report could not be kept"}}));
}

TEST(Jobs, AreToldToStop) {
    std::atomic<bool> began = false;
    std::vector<Job> all;
    all.push_back(job("long", [&](const std::stop_token& stop) -> Result<Report> {
        began = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds{2});
        return Report{};
    }));
    int outcomes = 0;
    PollCounts counts;
    Jobs jobs(
        std::move(all), 1, [] { return kJobsNow; },
        [&](const Job&, const Result<Report>&) { ++outcomes; }, counts);
    jobs.start();
    wait_until([&] { return began.load(); });
    jobs.stop();
    jobs.stop();
    EXPECT_EQ(outcomes, 0);
}

}  // namespace
}  // namespace kurabe::collectors
