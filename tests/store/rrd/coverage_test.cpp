// Seconds that are covered, beside a bit for each of them.
#include "store/rrd/coverage.hpp"

#include <bitset>
#include <random>

#include <gtest/gtest.h>

namespace kurabe::store::rrd {
namespace {

SecondRange range(std::int64_t first, std::int64_t last) {
    return {Time{Seconds{first}}, Time{Seconds{last}}};
}

TEST(RrdCoverage, CountsEverySecondOnce) {
    Coverage coverage;
    EXPECT_EQ(coverage.add(range(10, 19)), 10);
    EXPECT_EQ(coverage.add(range(10, 19)), 0);
    EXPECT_EQ(coverage.add(range(20, 20)), 1);
    EXPECT_EQ(coverage.add(range(5, 30)), 15);
    EXPECT_EQ(coverage.seconds(), 26);
}

TEST(RrdCoverage, AgreesWithBits) {
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
        Coverage coverage;
        std::bitset<64> bits;
        for (int i = 0; i < 12; ++i) {
            const auto first = static_cast<std::size_t>(random() % 60);
            const auto last = std::min<std::size_t>(63, first + random() % 12);
            const auto before = bits.count();
            for (std::size_t second = first; second <= last; ++second) bits.set(second);
            const auto added = coverage.add(
                range(static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)));
            ASSERT_EQ(added, static_cast<std::int64_t>(bits.count() - before)) << round;
        }
        ASSERT_EQ(coverage.seconds(), static_cast<std::int64_t>(bits.count()));
    }
}

}  // namespace
}  // namespace kurabe::store::rrd
