// Hosts that fail are asked less and less often, and not all at the same moment.
#include "collectors/back_off.hpp"

#include <set>

#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

constexpr BackOff::Time kNow{std::chrono::hours{1}};

TEST(BackOff, HoldsNothingBeforeAFailureAndAfterASuccess) {
    BackOff back_off(1);
    EXPECT_FALSE(back_off.holds(kNow));
    back_off.failed(kNow);
    EXPECT_TRUE(back_off.holds(kNow));
    back_off.succeeded();
    EXPECT_FALSE(back_off.holds(kNow));
}

TEST(BackOff, DoublesUpToItsMaximumAndTakesHalfToWholeOfIt) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        BackOff back_off(seed);
        std::chrono::milliseconds whole = kBackOffFirst;
        for (int failure = 0; failure < 100; ++failure) {
            back_off.failed(kNow);
            const auto length = back_off.until() - kNow;
            ASSERT_GE(length, whole / 2) << "seed " << seed;
            ASSERT_LE(length, whole) << "seed " << seed;
            whole = std::min<std::chrono::milliseconds>(whole * 2, kBackOffMax);
        }
    }
}

TEST(BackOff, HostsThatFailTogetherComeBackOneByOne) {
    std::set<BackOff::Time> times;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        BackOff back_off(seed);
        back_off.failed(kNow);
        times.insert(back_off.until());
    }
    EXPECT_GT(times.size(), 90u);
}

}  // namespace
}  // namespace kurabe::collectors
