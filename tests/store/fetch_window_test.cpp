// Choice of ring and rows by example; random requests run in tests/differential/.
#include "store/fetch_window.hpp"

#include <array>

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

constexpr Time kLast{Seconds{1'700'000'040}};
const std::array<RingExtent, 3> kRings{RingExtent{Seconds{60}, 100, true},
                                       RingExtent{Seconds{300}, 100, true},
                                       RingExtent{Seconds{3600}, 100, true}};

std::optional<std::size_t> chosen(Seconds back, Seconds resolution) {
    return choose_ring(kRings, kLast,
                       {.start = kLast - back, .end = kLast, .resolution = resolution});
}

TEST(ChooseRing, TakesTheNearestResolutionThatReachesBack) {
    EXPECT_EQ(chosen(Seconds{3000}, Seconds{1}), 0);
    EXPECT_EQ(chosen(Seconds{3000}, Seconds{280}), 1);
    EXPECT_EQ(chosen(Seconds{7000}, Seconds{1}), 1);
    EXPECT_EQ(chosen(Seconds{3000}, Seconds{10'000}), 2);
}

TEST(ChooseRing, TakesWhatCoversMostWhenNothingReachesBack) {
    EXPECT_EQ(chosen(Seconds{10'000'000}, Seconds{1}), 2);
}

TEST(ChooseRing, TakesNoRingWithoutTheCf) {
    std::array<RingExtent, 3> rings = kRings;
    for (RingExtent& ring : rings) ring.has_cf = false;
    const FetchRequest request{.start = kLast - Seconds{60}, .end = kLast};
    EXPECT_EQ(choose_ring(rings, kLast, request), std::nullopt);
}

TEST(AlignToRows, AddsARowWhenTheEndIsOnTheGrid) {
    const Time grid{Seconds{1'700'000'100}};
    const auto on_grid = align_to_rows({.start = grid - Seconds{300}, .end = grid}, Seconds{300});
    EXPECT_EQ(on_grid.begin, grid - Seconds{300});
    EXPECT_EQ(on_grid.end, grid + Seconds{300});
    const auto between =
        align_to_rows({.start = grid - Seconds{1}, .end = grid - Seconds{1}}, Seconds{300});
    EXPECT_EQ(between.begin, grid - Seconds{300});
    EXPECT_EQ(between.end, grid);
}

TEST(CheckRequest, RefusesReversedAndImpossibleTimes) {
    EXPECT_TRUE(check_request({.start = kLast, .end = kLast}));
    EXPECT_FALSE(check_request({.start = kLast, .end = kLast - Seconds{1}}));
    EXPECT_FALSE(check_request({.start = Time{Seconds{-1}}, .end = kLast}));
    EXPECT_FALSE(check_request({.start = kLast, .end = Time::max()}));
    EXPECT_FALSE(check_request({.start = kLast, .end = kLast, .resolution = Seconds{0}}));
}

}  // namespace
}  // namespace kurabe::store
