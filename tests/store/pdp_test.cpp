// The PDP stage by example; random schedules run in tests/differential/.
#include "store/pdp.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

constexpr Seconds kStep{60};
constexpr Seconds kPdpHeartbeat{600};
constexpr std::int64_t kBase = 1'700'000'040;  // on the grid of a minute

SampleTime at(double seconds) {
    return SampleTime{Seconds{kBase}} +
           std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)};
}

std::vector<PdpRun> advance(PdpState& state, double from, double to, Value amount) {
    const PdpRuns runs = advance_pdp(state, kStep, kPdpHeartbeat, {at(from), at(to)}, amount);
    return {runs.begin(), runs.end()};
}

TEST(AdvancePdp, WithinAStepAmountsAddUp) {
    PdpState state;
    EXPECT_TRUE(advance(state, 0, 20, 100).empty());
    EXPECT_TRUE(advance(state, 20, 30, 50).empty());
    EXPECT_EQ(state.value, 150);
}

TEST(AdvancePdp, WithinAStepUnknownSecondsAreCountedWhole) {
    PdpState state;
    EXPECT_TRUE(advance(state, 0, 20.9, kUnknown).empty());
    EXPECT_EQ(state.unknown_seconds, 20);
    EXPECT_TRUE(is_unknown(state.value));
}

TEST(AdvancePdp, AnAmountIsSplitAtTheEndOfTheStep) {
    PdpState state;
    const auto runs = advance(state, 0, 80, 160);
    ASSERT_EQ(runs.size(), 1);
    EXPECT_EQ(runs[0].first, kBase / 60);
    EXPECT_EQ(runs[0].count, 1);
    EXPECT_EQ(runs[0].value, 2);
    EXPECT_EQ(state.value, 40);
}

TEST(AdvancePdp, AStepUnknownForMoreThanHalfIsUnknown) {
    for (const double unknown : {30.0, 31.0}) {
        PdpState state;
        EXPECT_TRUE(advance(state, 0, unknown, kUnknown).empty());
        const auto runs = advance(state, unknown, 60, 60 - unknown);
        ASSERT_EQ(runs.size(), 1);
        EXPECT_EQ(is_unknown(runs[0].value), unknown > 30);
    }
}

TEST(AdvancePdp, APartlyFilledStepKeepsItsOwnValueBeforeALongerRun) {
    PdpState state;
    EXPECT_TRUE(advance(state, 0, 30, 300).empty());  // 10 per second
    const auto runs = advance(state, 30, 180, 300);   // 2 per second
    ASSERT_EQ(runs.size(), 2);
    EXPECT_EQ(runs[0].value, 6);
    EXPECT_EQ(runs[0].count, 1);
    EXPECT_EQ(runs[1].first, runs[0].first + 1);
    EXPECT_EQ(runs[1].count, 2);
    EXPECT_EQ(runs[1].value, 2);
}

TEST(AdvancePdp, ASeriesThatBeginsWithinAStepHasNotSeenItsFirstSeconds) {
    const PdpState state = PdpState::beginning(Time{Seconds{kBase + 50}}, kStep);
    EXPECT_EQ(state.unknown_seconds, 50);
    EXPECT_TRUE(is_unknown(state.value));
}

}  // namespace
}  // namespace kurabe::store
