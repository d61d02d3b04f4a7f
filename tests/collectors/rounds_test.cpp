// Hosts of one poller that are polled at different intervals.
#include "collectors/rounds.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

using store::Seconds;
using store::Time;
using testing::ElementsAre;
using testing::SizeIs;

constexpr Time kBegin{Seconds{1'700'002'800}};  // the beginning of an hour

// Notes when each of its hosts was polled. Its clock goes on by a second when it works.
struct NotedPolls {
    std::vector<std::vector<std::int64_t>> moments;
    Time now = kBegin;

    explicit NotedPolls(std::size_t hosts) : moments(hosts) {}
    [[nodiscard]] std::size_t size() const { return moments.size(); }
    void count_in(PollCounts&) {}
    std::size_t begin(std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) moments[i].push_back((now - kBegin).count());
        return end - first;
    }
    void work(std::chrono::milliseconds) { now += Seconds{1}; }
};

TEST(Rounds, EachHostAtItsIntervalAndSpreadOverIt) {
    NotedPolls poller(26);
    PollCounts counts;
    const std::vector<Pace> paces{{Seconds{10}, 1}, {Seconds{60}, 5}, {Seconds{600}, 20}};
    run_rounds(
        poller, paces, [&poller] { return poller.now; },
        [&poller] { return poller.now < kBegin + Seconds{1800}; }, counts);

    EXPECT_THAT(poller.moments[0], SizeIs(180));
    for (std::size_t i = 1; i < 6; ++i) EXPECT_THAT(poller.moments[i], SizeIs(30)) << i;
    for (std::size_t i = 6; i < 26; ++i) {
        const auto& moments = poller.moments[i];
        ASSERT_THAT(moments, SizeIs(3)) << i;
        EXPECT_EQ(moments[0], 0);  // all at the start
        EXPECT_EQ(moments[2] - moments[1], 600);
        if (i == 6) continue;
        EXPECT_EQ(moments[1] - poller.moments[i - 1][1], 24) << i;  // 480 s for 20 hosts
    }
    const PollNumbers numbers = counts.look();
    EXPECT_EQ(numbers.begun, 180U + 5 * 30 + 20 * 3);
    EXPECT_EQ(numbers.skipped, 0U);
    EXPECT_EQ(numbers.lateness, Seconds{0});
}

TEST(Rounds, TargetsOfOneIntervalAreAddedInARow) {
    std::vector<std::string> added;
    const auto paces = add_by_interval<std::string>(
        {{Seconds{300}, {"c", "d"}}, {Seconds{60}, {"a", "b"}}, {Seconds{3600}, {"e"}}},
        [&added](std::string target) { added.push_back(std::move(target)); });
    EXPECT_THAT(added, ElementsAre("a", "b", "c", "d", "e"));
    ASSERT_THAT(paces, SizeIs(3));
    EXPECT_EQ(paces[1].interval, Seconds{300});
    EXPECT_EQ(paces[1].hosts, 2U);
}

}  // namespace
}  // namespace kurabe::collectors
