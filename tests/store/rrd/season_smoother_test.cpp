// Seasons as moving averages, and when it is time for that.
#include "store/rrd/season_smoother.hpp"

#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/store/rrd/rrd_builder.hpp"

namespace kurabe::store::rrd {
namespace {

TEST(SeasonSmoother, AveragesAreTakenAroundTheEndOfTheRing) {
    std::vector<Value> rows{1, 0, 0, 0, 0, 4};
    smooth({rows, 1, 0}, 1);
    EXPECT_EQ(rows, (std::vector<Value>{5 / 3.0, 1 / 3.0, 0, 0, 4 / 3.0, 5 / 3.0}));
}

TEST(SeasonSmoother, AgreesWithPlainAverages) {
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937 random(seed);
    for (std::size_t size = 1; size < 30; ++size) {
        std::vector<Value> rows(size * 2);
        for (Value& value : rows) value = static_cast<Value>(random() % 1000);
        const std::vector<Value> old = rows;
        const std::uint64_t reach = random() % size + 1;
        smooth({rows, 2, 1}, reach);
        for (std::size_t row = 0; row < size; ++row) {
            Value sum = 0;
            for (std::size_t i = 0; i < 2 * reach + 1; ++i) {
                sum += old[(row + i + 2 * size - reach) % size * 2 + 1];
            }
            EXPECT_NEAR(rows[row * 2 + 1], sum / static_cast<Value>(2 * reach + 1), 1e-9);
            EXPECT_EQ(rows[row * 2], old[row * 2]) << "another data source";
        }
    }
}

TEST(SeasonSmoother, TakesTheMeanOut) {
    std::vector<Value> rows{1, 2, 6};
    EXPECT_EQ(take_mean({rows, 1, 0}, false), 3);
    EXPECT_EQ(rows, (std::vector<Value>{-2, -1, 3}));
    rows = {1, 2, 6};
    EXPECT_EQ(take_mean({rows, 1, 0}, true), 3);
    EXPECT_EQ(rows, (std::vector<Value>{1 / 3.0, 2 / 3.0, 2}));
}

class SeasonProgress : public testing::Test {
  protected:
    static constexpr std::size_t kSeasonal = 1;
    Header header_ = tests::RrdBuilder(Seconds{60}, Time{Seconds{0}})
                         .add({.name = "a"})
                         .add_family(20, 0.5, 0.1, 8)
                         .header();
    // Moves on by `count` rows.
    bool advance(std::uint64_t count) {
        const bool due = comes_to_smoothing(header_, kSeasonal, count);
        header_.current_rows[kSeasonal] = (header_.current_rows[kSeasonal] + count) % 8;
        return due;
    }
};

TEST_F(SeasonProgress, TheFirstSeasonsAreSmoothedAtTheirEnd) {
    header_.cdp(kSeasonal, 0).slots[CdpRecord::kBurnIn] = Slot::of_count(1);
    header_.rras[kSeasonal].parameters[RraRecord::kSmoothingRow] = Slot::of_count(3);
    for (int season = 0; season < 3; ++season) {
        for (int row = 0; row < 7; ++row) EXPECT_FALSE(advance(1)) << season << ' ' << row;
        EXPECT_TRUE(advance(1)) << season;
    }
    EXPECT_FALSE(advance(2));
    EXPECT_TRUE(advance(1)) << "the fourth at its smoothing row";
    EXPECT_FALSE(advance(7));
    EXPECT_TRUE(advance(1));
    EXPECT_TRUE(advance(8));
    EXPECT_TRUE(advance(100));
}

TEST_F(SeasonProgress, TheReachIsHalfTheWindow) {
    RraRecord& record = header_.rras[kSeasonal];
    record.rows = 100;
    Slot& window = record.parameters[RraRecord::kSmoothingWindow];
    window = Slot::of_number(0.5);
    header_.version = kVersionOfMicros;
    EXPECT_EQ(smoothing_reach(header_, kSeasonal), 2) << "old versions always have 0.05";
    header_.version = kVersionOfSmoothing;
    EXPECT_EQ(smoothing_reach(header_, kSeasonal), 25);
    for (const Value odd : {0.0, -1.0, 0.01, 1e300, kUnknown}) {
        window = Slot::of_number(odd);
        EXPECT_EQ(smoothing_reach(header_, kSeasonal), 0) << odd;
    }
}

}  // namespace
}  // namespace kurabe::store::rrd
