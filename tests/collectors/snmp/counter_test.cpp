// Counters that go on, wrap and begin anew.
#include "collectors/snmp/counter.hpp"

#include <gtest/gtest.h>

namespace kurabe::collectors::snmp {
namespace {

constexpr std::uint64_t kRange = std::uint64_t{1} << 32;

TEST(Counter, Of64BitsIsGivenAsItIs) {
    Counter counter;
    auto step = counter.take({.raw = 10, .is_64_bit = true});
    EXPECT_FALSE(step.breaks) << "what is stored goes on";
    EXPECT_EQ(step.value, 10u);
    step = counter.take({.raw = 5 * kRange, .is_64_bit = true});
    EXPECT_FALSE(step.breaks);
    EXPECT_EQ(step.value, 5 * kRange);
    step = counter.take({.raw = 5 * kRange - 1, .is_64_bit = true});
    EXPECT_TRUE(step.breaks) << "it does not wrap, so it began anew";
    EXPECT_EQ(step.value, 5 * kRange - 1);
}

TEST(Counter, Of32BitsGrowsAcrossWraps) {
    Counter counter;
    EXPECT_TRUE(counter.take({.raw = kRange - 10, .is_64_bit = false}).breaks);
    for (std::uint64_t wrap = 1; wrap <= 5; ++wrap) {
        auto step = counter.take({.raw = 20, .is_64_bit = false});
        EXPECT_FALSE(step.breaks);
        EXPECT_EQ(step.value, wrap * kRange + 20);
        step = counter.take({.raw = kRange - 5, .is_64_bit = false, .most = 4.2e9});
        EXPECT_EQ(step.value, wrap * kRange + kRange - 5);
    }
}

TEST(Counter, TheSpeedDecidesBetweenAWrapAndABeginning) {
    const auto breaks = [](std::optional<double> most) {
        Counter counter;
        (void)counter.take({.raw = 1000, .is_64_bit = false});
        return counter.take({.raw = 10, .is_64_bit = false, .most = most}).breaks;
    };
    EXPECT_TRUE(breaks(std::nullopt)) << "nearly the whole range";
    EXPECT_TRUE(breaks(3.75e9)) << "a gigabit in 30 s, which is less than nearly the whole range";
    EXPECT_FALSE(breaks(4.2e9)) << "a tenth more is allowed for";
}

// Whether it ends above the old value or below it: there may be laps more than are seen.
TEST(Counter, TwoLapsOf32BitsAreUnknown) {
    for (const std::uint64_t raw : {std::uint64_t{10}, std::uint64_t{1010}, kRange - 1}) {
        Counter counter;
        (void)counter.take({.raw = 1000, .is_64_bit = false});
        auto step = counter.take({.raw = raw, .is_64_bit = false, .most = 1e10});
        EXPECT_TRUE(step.breaks) << raw;
        EXPECT_TRUE(step.may_have_lapped) << raw;
        EXPECT_EQ(step.value, raw);
        step = counter.take({.raw = raw, .is_64_bit = false, .most = 7.5e9});
        EXPECT_FALSE(step.breaks) << "asked oftener, it goes on";
        EXPECT_FALSE(step.may_have_lapped);
    }
}

TEST(Counter, AFirstReadingAndOneOf64BitsHaveNoLaps) {
    Counter first;
    EXPECT_FALSE(first.take({.raw = 1000, .is_64_bit = false, .most = 1e10}).may_have_lapped);
    Counter wide;
    (void)wide.take({.raw = 1000, .is_64_bit = true});
    EXPECT_FALSE(wide.take({.raw = 2000, .is_64_bit = true, .most = 1e10}).breaks);
}

TEST(Counter, WhatTheDeviceCallsNewBreaksAlsoWhenItIsMore) {
    Counter counter;
    (void)counter.take({.raw = 1000, .is_64_bit = true});
    const auto step = counter.take({.raw = 2000, .is_64_bit = true, .is_new = true});
    EXPECT_TRUE(step.breaks);
    EXPECT_EQ(step.value, 2000u);
}

TEST(Counter, AnotherWidthBreaks) {
    Counter counter;
    (void)counter.take({.raw = 1000, .is_64_bit = false});
    EXPECT_TRUE(counter.take({.raw = 2000, .is_64_bit = true}).breaks);
}

TEST(Counter, ASingleReadingOf32BitsIsGivenAsItIs) {
    Counter counter;
    EXPECT_FALSE(
        counter.take({.raw = 1000, .is_64_bit = false, .breaks_with_before = false}).breaks);
}

}  // namespace
}  // namespace kurabe::collectors::snmp
