// Which hosts are due, by a clock that the test moves.
#include "collectors/spread_rounds.hpp"

#include <cstdint>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

using store::Seconds;
using store::Time;
using testing::ElementsAre;

constexpr Seconds kMinute{60};
constexpr Time kRoundBegins{Seconds{1'700'000'040}};

// When each of the hosts was due in [from, to), looked at every second.
std::vector<std::vector<std::int64_t>> moments(SpreadRounds& rounds, Time from, Time to,
                                               std::size_t count) {
    std::vector<std::vector<std::int64_t>> due(count);
    for (Time now = from; now < to; now += Seconds{1}) {
        const SpreadRounds::Part part = rounds.due(now, count);
        for (std::size_t i = part.begin; i < part.end; ++i) {
            due[i].push_back((now - kRoundBegins).count());
        }
    }
    return due;
}

std::size_t of(SpreadRounds::Part part) {
    return part.end - part.begin;
}

TEST(SpreadRounds, AllAtTheStartAndThenEachOnceInARoundAtItsOwnMoment) {
    SpreadRounds rounds(kMinute);
    const auto due = moments(rounds, kRoundBegins - Seconds{7}, kRoundBegins + 3 * kMinute, 480);
    std::map<std::int64_t, int> per_second;
    for (const auto& host : due) {
        ASSERT_THAT(host, testing::SizeIs(4));
        EXPECT_EQ(host[0], -7);
        EXPECT_LT(host[1], 48);
        EXPECT_EQ(host[2], host[1] + 60);
        EXPECT_EQ(host[3], host[1] + 120);
        ++per_second[host[1]];
    }
    for (const auto& [second, hosts] : per_second) EXPECT_EQ(hosts, 10) << second;
}

TEST(SpreadRounds, AStartWithinARoundLeavesTheRestOfItOut) {
    SpreadRounds rounds(kMinute);
    const auto due = moments(rounds, kRoundBegins + Seconds{20}, kRoundBegins + 2 * kMinute, 3);
    EXPECT_THAT(due, ElementsAre(ElementsAre(20, 75), ElementsAre(20, 91), ElementsAre(20, 107)));
}

TEST(SpreadRounds, WhatWasMissedIsNotMadeUpFor) {
    SpreadRounds rounds(kMinute);
    EXPECT_EQ(of(rounds.due(kRoundBegins, 100)), 100U);
    EXPECT_EQ(of(rounds.due(kRoundBegins + 10 * kMinute + Seconds{59}, 100)), 100U) << "once each";
    EXPECT_EQ(of(rounds.due(kRoundBegins + 10 * kMinute + Seconds{59}, 100)), 0U);
    EXPECT_EQ(of(rounds.due(kRoundBegins + 11 * kMinute + Seconds{23}, 100)), 50U);
    EXPECT_EQ(of(rounds.due(kRoundBegins + 11 * kMinute + Seconds{20}, 100)), 0U)
        << "a clock set back within the round repeats nothing";
    EXPECT_EQ(of(rounds.due(kRoundBegins + 3 * kMinute + Seconds{23}, 100)), 50U)
        << "a clock set back begins a round";
}

TEST(SpreadRounds, SaysHowLateItWasAsked) {
    for (const std::size_t count : {1U, 3U, 7U, 48U, 100U, 3000U}) {
        SpreadRounds in_time(kMinute);
        for (Time now = kRoundBegins; now < kRoundBegins + 3 * kMinute; now += Seconds{1}) {
            EXPECT_EQ(in_time.due(now, count).late, Seconds{0}) << count;
        }
    }
    SpreadRounds late(kMinute);
    (void)late.due(kRoundBegins - Seconds{1}, 3);
    EXPECT_EQ(late.due(kRoundBegins + Seconds{25}, 3).late, Seconds{10}) << "was due at 15";
    EXPECT_EQ(late.due(kRoundBegins + Seconds{59}, 3).late, Seconds{28}) << "were due at 31, 47";
}

TEST(SpreadRounds, ShortIntervalsAndFewHosts) {
    SpreadRounds every_second(Seconds{1});
    for (int second = 0; second < 5; ++second) {
        EXPECT_EQ(of(every_second.due(kRoundBegins + Seconds{second}, 7)), 7U);
        EXPECT_EQ(of(every_second.due(kRoundBegins + Seconds{second}, 7)), 0U);
    }
    SpreadRounds of_none(kMinute);
    EXPECT_EQ(of(of_none.due(kRoundBegins, 0)), 0U);
    SpreadRounds of_one(kMinute);
    EXPECT_THAT(moments(of_one, kRoundBegins, kRoundBegins + 2 * kMinute, 1)[0],
                ElementsAre(0, 107));
}

}  // namespace
}  // namespace kurabe::collectors
