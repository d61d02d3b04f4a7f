// Hosts that are heard less often than the heartbeat of their series asks for.
#include <cmath>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

using testing::Each;
using testing::IsNan;

constexpr Time kHeardBegin{Seconds{1'700'000'100}};  // on the grid of five minutes
constexpr Seconds kMinute{60};
constexpr Seconds kHeartbeat{660};

// A gauge of `minute`, and a counter of ten per second.
Batch batch(std::int64_t minute) {
    const SampleTime time = kHeardBegin + kMinute * minute;
    return {.host = "host",
            .samples = {{"plugin", "a.gauge", RawValue::of(static_cast<double>(minute)), time},
                        {"plugin", "b.derive", RawValue::of_integer(600 * minute), time}}};
}

class SeldomHeard : public testing::Test {
  protected:
    [[nodiscard]] std::unique_ptr<Store> open() const {
        auto store = Store::open(directory_.path() / "data", {});
        if (!store) throw std::runtime_error(store.error().message);
        return *std::move(store);
    }
    // Minutes first + 1...last.
    static std::vector<Value> minutes(const Store& store, const std::string& key,
                                      std::int64_t first, std::int64_t last,
                                      Seconds resolution = kMinute) {
        auto fetched = store.fetch({"host", "plugin", key}, {.start = kHeardBegin + kMinute * first,
                                                             .end = kHeardBegin + kMinute * last,
                                                             .resolution = resolution});
        if (!fetched) throw std::runtime_error(fetched.error().message);
        fetched->values.pop_back();  // the added row after the last one
        return fetched->values;
    }

  private:
    tests::TemporaryDirectory directory_;
};

TEST_F(SeldomHeard, SilenceUpToTheBatchsHeartbeatIsKnown) {
    const auto store = open();
    for (const int minute : {0, 5, 10, 20}) {
        ASSERT_EQ(store->append(batch(minute), kHeartbeat)->stored, 2);
    }
    EXPECT_THAT(minutes(*store, "a.gauge", 0, 5), Each(5));
    EXPECT_THAT(minutes(*store, "a.gauge", 5, 10), Each(10));
    EXPECT_THAT(minutes(*store, "a.gauge", 10, 20), Each(20));  // one was lost
    EXPECT_THAT(minutes(*store, "b.derive", 0, 20), Each(10));
    EXPECT_THAT(minutes(*store, "b.derive", 0, 20, Seconds{300}), Each(10));
}

TEST_F(SeldomHeard, LongerSilenceIsUnknown) {
    const auto store = open();
    ASSERT_TRUE(store->append(batch(0), kHeartbeat));
    ASSERT_TRUE(store->append(batch(12), kHeartbeat));
    EXPECT_THAT(minutes(*store, "a.gauge", 0, 12), Each(IsNan()));
    EXPECT_THAT(minutes(*store, "b.derive", 0, 12), Each(IsNan()));
}

// Its interval was changed: series that are there follow, in both directions.
TEST_F(SeldomHeard, SeriesThatAreThereFollowTheBatch) {
    const auto store = open();
    ASSERT_TRUE(store->append(batch(0)));
    ASSERT_TRUE(store->append(batch(1)));
    ASSERT_TRUE(store->append(batch(6)));
    ASSERT_TRUE(store->append(batch(11), kHeartbeat));
    ASSERT_TRUE(store->append(batch(16)));
    EXPECT_THAT(minutes(*store, "b.derive", 0, 1), Each(10));
    EXPECT_THAT(minutes(*store, "b.derive", 1, 6), Each(IsNan()));
    EXPECT_THAT(minutes(*store, "b.derive", 6, 11), Each(10));
    EXPECT_THAT(minutes(*store, "b.derive", 11, 16), Each(IsNan()));
}

TEST_F(SeldomHeard, ACrashLosesNothingOfIt) {
    {
        const auto store = open();
        for (const int minute : {0, 5, 10}) ASSERT_TRUE(store->append(batch(minute), kHeartbeat));
    }  // without close(), as a crash
    const auto store = open();
    EXPECT_EQ(store->recovery().records, 3);
    EXPECT_THAT(minutes(*store, "b.derive", 0, 10), Each(10));
}

TEST_F(SeldomHeard, LateSamplesFillTheSilenceBetweenThem) {
    const auto store = open();
    ASSERT_TRUE(store->append(batch(0), kHeartbeat));
    ASSERT_TRUE(store->append(batch(30), kHeartbeat));
    Batch late = batch(10);
    for (const int minute : {15, 20}) {
        for (Sample& sample : batch(minute).samples) late.samples.push_back(sample);
    }
    ASSERT_EQ(store->append(late, kHeartbeat)->stored, 5);  // the first counter has none before it
    EXPECT_THAT(minutes(*store, "b.derive", 10, 20), Each(10));
    EXPECT_THAT(minutes(*store, "a.gauge", 10, 15), Each(15));
    EXPECT_THAT(minutes(*store, "a.gauge", 20, 30), Each(IsNan()));
}

}  // namespace
}  // namespace kurabe::store
