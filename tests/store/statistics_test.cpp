// Statistics of rows against plain loops, and which rows of which ring they are of.
#include "store/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

constexpr Time kFirstHour{Seconds{1'700'006'400}};  // on the grid of an hour

void expect_near(Value one, Value other) {
    EXPECT_TRUE((is_unknown(one) && is_unknown(other)) ||
                std::abs(one - other) <= 1e-9 * std::max(1.0, std::abs(other)))
        << one << " and " << other;
}

// The same by sorting and adding.
SeriesStatistics plain(const std::vector<Value>& values, double percentile) {
    SeriesStatistics result{.rows = values.size()};
    std::vector<Value> known;
    std::ranges::copy_if(values, std::back_inserter(known),
                         [](Value value) { return !is_unknown(value); });
    result.known_rows = known.size();
    if (known.empty()) return result;
    result.last = known.back();
    result.average = 0;
    for (const Value value : known) result.average += value / static_cast<double>(known.size());
    std::ranges::sort(known);
    result.minimum = known.front();
    result.maximum = known.back();
    const double rank = percentile * static_cast<double>(known.size() - 1) / 100;
    result.percentile = known[static_cast<std::size_t>(std::lround(rank))];
    return result;
}

TEST(Summarize, AgreesWithPlainLoops) {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        std::vector<Value> values(random() % 40);
        const std::uint64_t unknown_of_ten = random() % 11;
        for (Value& value : values) {
            const auto any = static_cast<double>(random() % 2001) - 1000;
            value = random() % 10 < unknown_of_ten ? kUnknown : any / 7;
        }
        const double percentile = static_cast<double>(random() % 101);
        const SeriesStatistics expected = plain(values, percentile);
        std::vector<Value> reordered = values;
        const SeriesStatistics found =
            summarize({.averages = reordered, .minima = values, .maxima = values}, percentile);
        EXPECT_EQ(found.rows, expected.rows);
        EXPECT_EQ(found.known_rows, expected.known_rows);
        expect_near(found.average, expected.average);
        expect_near(found.minimum, expected.minimum);
        expect_near(found.maximum, expected.maximum);
        expect_near(found.last, expected.last);
        expect_near(found.percentile, expected.percentile);
    }
}

TEST(Summarize, InfinitiesAreKnown) {
    const double infinite = std::numeric_limits<double>::infinity();
    std::vector<Value> values{kUnknown, infinite, infinite};
    const auto found = summarize({.averages = values, .minima = values, .maxima = values}, 50);
    EXPECT_EQ(found.minimum, infinite);
    EXPECT_EQ(found.maximum, infinite);
    EXPECT_EQ(found.average, infinite);
    EXPECT_EQ(found.known_rows, 2);
}

TEST(StatisticsRequestCheck, RefusesWhatIsNone) {
    const StatisticsRange day{kFirstHour, kFirstHour + Seconds{86'400}};
    EXPECT_TRUE(check_request({.ranges = {day}}));
    EXPECT_FALSE(check_request({.ranges = {}}));
    EXPECT_FALSE(check_request({.ranges = std::vector<StatisticsRange>(9, day)}));
    EXPECT_FALSE(check_request({.ranges = {{day.to, day.from}}}));
    EXPECT_FALSE(check_request({.ranges = {day}, .percentile = 100.5}));
    EXPECT_FALSE(check_request({.ranges = {day}, .percentile = std::nan("")}));
    EXPECT_FALSE(check_request({.ranges = {day}, .threads = 1000}));
}

class StoreStatistics : public testing::Test {
  protected:
    // Two days of minutes: value n at minute n of host "up", its negative of "down".
    void SetUp() override {
        store_ = Store::open(directory_.path() / "data", {}).value();
        for (const auto& [host, sign] : {std::pair{"up", 1.0}, std::pair{"down", -1.0}}) {
            Batch batch{.host = host, .samples = {}};
            for (int minute = 0; minute <= 2880; ++minute) {
                batch.samples.push_back({"plugin", "a.gauge", RawValue::of(sign * minute),
                                         kFirstHour + Seconds{60 * minute}});
            }
            ASSERT_EQ(store_->append(batch)->stored, 2881);
        }
    }
    SeriesStatistics statistics(const std::string& host, const StatisticsRequest& request,
                                std::size_t range = 0) {
        const std::vector<SeriesName> names{{host, "plugin", "a.gauge"}};
        auto all = store_->statistics(names, request);
        EXPECT_TRUE(all && all->front()) << "no statistics";
        return all->front()->at(range);
    }
    static StatisticsRange minutes(int from, int to) {
        return {kFirstHour + Seconds{60 * from}, kFirstHour + Seconds{60 * to}};
    }

    tests::TemporaryDirectory directory_;
    std::unique_ptr<Store> store_;
};

TEST_F(StoreStatistics, AreOfTheRowsThatLieInTheRange) {
    const SeriesStatistics found =
        statistics("up", {.ranges = {minutes(100, 110)}, .percentile = 90});
    EXPECT_EQ(found.resolution, Seconds{60});
    EXPECT_EQ(found.rows, 10);
    EXPECT_EQ(found.known_rows, 10);
    EXPECT_EQ(found.minimum, 101);
    EXPECT_EQ(found.maximum, 110);
    EXPECT_EQ(found.average, 105.5);
    EXPECT_EQ(found.last, 110);
    EXPECT_EQ(found.percentile, 109);
    EXPECT_EQ(found.unknown_share(), 0);
    const StatisticsRange within{kFirstHour + Seconds{100 * 60 + 1},
                                 kFirstHour + Seconds{110 * 60 - 1}};
    EXPECT_EQ(statistics("up", {.ranges = {within}}).rows, 8) << "rows in part are left out";
}

TEST_F(StoreStatistics, TakeTheCoarsestRingThatIsSufficient) {
    const SeriesStatistics day = statistics("down", {.ranges = {minutes(1440, 2880)}});
    EXPECT_EQ(day.resolution, Seconds{300});
    EXPECT_EQ(day.rows, 288);
    EXPECT_EQ(day.minimum, -2880) << "of primary data points";
    EXPECT_EQ(day.maximum, -1441);
    EXPECT_EQ(day.last, -2878);
    StatisticsRequest request{.ranges = {minutes(1440, 2880)}};
    request.rows_enough = 1000;
    EXPECT_EQ(statistics("down", request).resolution, Seconds{60});
    request.rows_enough = 20;
    EXPECT_EQ(statistics("down", request).resolution, Seconds{3600});
}

TEST_F(StoreStatistics, OfWhatIsNotKeptAreUnknown) {
    const SeriesStatistics future = statistics("up", {.ranges = {minutes(2880, 2900)}});
    EXPECT_EQ(future.rows, 20);
    EXPECT_EQ(future.known_rows, 0);
    EXPECT_TRUE(is_unknown(future.average) && is_unknown(future.minimum));
    EXPECT_EQ(future.unknown_share(), 1);
    const SeriesStatistics half = statistics("up", {.ranges = {minutes(2870, 2890)}});
    EXPECT_EQ(half.known_rows, 10);
    EXPECT_EQ(half.unknown_share(), 0.5);
    EXPECT_EQ(statistics("up", {.ranges = {minutes(5, 5)}}).rows, 0);
}

TEST_F(StoreStatistics, CompareTwoRanges) {
    const StatisticsRequest request{.ranges = {minutes(1440, 2880), minutes(0, 1440)},
                                    .percentile = 50};
    const SeriesStatistics gap =
        difference(statistics("up", request, 0), statistics("up", request, 1));
    EXPECT_EQ(gap.average, 1440);
    EXPECT_EQ(gap.minimum, 1440);
    EXPECT_EQ(gap.maximum, 1440);
    EXPECT_EQ(gap.percentile, 1440);
    EXPECT_EQ(gap.last, 1440);
}

TEST_F(StoreStatistics, OfManySeriesComeInTheirOrderAndOnesThatAreMissingHarmNoOther) {
    std::vector<SeriesName> names;
    for (int i = 0; i < 1000; ++i) {
        names.push_back({i % 2 == 0 ? "up" : "down", "plugin", i == 501 ? "none" : "a.gauge"});
    }
    names.push_back({"nobody", "plugin", "a.gauge"});
    for (const unsigned threads : {1U, 4U}) {
        StatisticsRequest request{.ranges = {minutes(100, 110)}};
        request.threads = threads;
        const auto all = store_->statistics(names, request);
        ASSERT_TRUE(all);
        ASSERT_EQ(all->size(), names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto& one = (*all)[i];
            if (i == 501 || i == 1000) {
                EXPECT_EQ(one.error().code, ErrorCode::kNotFound);
                continue;
            }
            ASSERT_TRUE(one) << i;
            EXPECT_EQ(one->front().maximum, i % 2 == 0 ? 110 : -101);
        }
    }
}

}  // namespace
}  // namespace kurabe::store
