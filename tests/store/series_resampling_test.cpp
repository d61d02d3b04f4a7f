// Series in archives of other rings: what these can hold is kept, and what comes later is what it
// would have been.
#include "store/series_resampling.hpp"

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/local_store.hpp"
#include "tests/store/archive_fixture.hpp"

namespace kurabe::store {
namespace {

using testing::HasSubstr;

const std::vector<Cf> kAll{Cf::kAverage, Cf::kMin, Cf::kMax, Cf::kLast};

class SeriesResampling : public ArchiveFixture {
  protected:
    std::optional<HostArchive> archive_of(const std::string& name, const Retention& retention) {
        auto archive =
            HostArchive::create(directory_.path() / name, {.retention = retention, .columns = 1});
        EXPECT_TRUE(archive) << archive.error().message;
        return archive ? std::optional(*std::move(archive)) : std::nullopt;
    }
    static std::vector<Sample> random_samples(std::uint64_t seed) {
        std::mt19937_64 random(seed);
        std::vector<Sample> samples;
        SampleTime time = kBegin;
        for (int i = 0; i < 400; ++i) {
            time += std::chrono::milliseconds{random() % (random() % 40 == 0 ? 600'000 : 90'000) +
                                              1000};
            samples.push_back(
                sample("a.gauge", RawValue::of(static_cast<double>(random() % 1000) / 8), time));
        }
        return samples;
    }
    static void expect_near(const std::vector<Value>& one, const std::vector<Value>& other,
                            std::size_t last) {
        ASSERT_GE(one.size(), last);
        ASSERT_GE(other.size(), last);
        for (std::size_t i = 1; i <= last; ++i) {
            const Value a = one[one.size() - i];
            const Value b = other[other.size() - i];
            ASSERT_TRUE((is_unknown(a) && is_unknown(b)) || std::abs(a - b) < 1e-9)
                << i << ": " << a << " " << b;
        }
    }
};

TEST_F(SeriesResampling, TheSameRetentionChangesNothing) {
    auto archive = archive_of("old", small_retention());
    append(*archive, random_samples(1));
    const SeriesCopy copy = archive->copy({"plugin", "a.gauge"}).value();
    const SeriesCopy again = resampled(copy, small_retention());
    EXPECT_EQ(encode_state({.sequence = 1}, {&copy.column, 1}),
              encode_state({.sequence = 1}, {&again.column, 1}));
}

// Beside a series that had these rings from the beginning; of each ring as many of its last rows
// as the old rings still had when it moved.
TEST_F(SeriesResampling, GoesOnAsIfItHadAlwaysBeenSo) {
    const Retention before{.rings = {{1, 200, kAll}, {4, 60, kAll}}};
    const std::vector<Retention> afters{
        {.rings = {{1, 100, kAll}, {4, 50, kAll}, {12, 10, kAll}}},
        {.rings = {{2, 40, kAll}, {3, 30, kAll}, {4, 60, kAll}}},
        {.step = Seconds{120}, .rings = {{1, 50, kAll}, {6, 12, kAll}}},
    };
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Retention& after = afters[seed % afters.size()];
        SCOPED_TRACE(fmt::format("seed {}", seed));
        const std::vector<Sample> samples = random_samples(seed);
        const std::size_t moved = 100 + seed * 3;
        auto old = archive_of(fmt::format("old{}", seed), before);
        auto always = archive_of(fmt::format("always{}", seed), after);
        auto later = archive_of(fmt::format("later{}", seed), after);
        const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(moved);
        append(*old, {samples.begin(), middle});
        ASSERT_TRUE(later->insert(resampled(old->copy({"plugin", "a.gauge"}).value(), after)));
        append(*later, {middle, samples.end()});
        append(*always, samples);
        const SeriesCopy expected = always->copy({"plugin", "a.gauge"}).value();
        const SeriesCopy found = later->copy({"plugin", "a.gauge"}).value();
        if (after.step != before.step) continue;  // PDPs of gaps differ: see below
        for (std::size_t plane = 0; plane < expected.planes.size(); ++plane) {
            SCOPED_TRACE(fmt::format("plane {}", plane));
            expect_near(found.planes[plane], expected.planes[plane], 10);
        }
    }
}

TEST_F(SeriesResampling, ALongerStepKeepsWhatItCanHold) {
    auto archive = archive_of("old", {.rings = {{1, 100, kAll}, {10, 20, kAll}}});
    for (int minute = 0; minute <= 100; ++minute) append(*archive, {gauge("a", minute, minute)});
    const SeriesCopy found =
        resampled(archive->copy({"plugin", "a.gauge"}).value(),
                  {.step = Seconds{300}, .rings = {{1, 10, kAll}, {2, 8, kAll}}});
    EXPECT_EQ(found.planes[0].back(), 98) << "the mean of 96 to 100";
    EXPECT_EQ(found.planes[0][8], 93);
    EXPECT_EQ(found.planes[2].back(), 86) << "MIN of the ten minutes up to 95";
    EXPECT_EQ(found.planes[3].back(), 95);
    EXPECT_EQ(found.planes[4].back(), 95);
    EXPECT_EQ(found.column.cdps[0].value, 98) << "the PDP of the open row";
    EXPECT_EQ(found.column.cdps[0].unknown_pdps, 0);
}

TEST(RetentionText, IsReadAndWritten) {
    EXPECT_EQ(Retention::kurado().text(), "60:172800,300:864000,3600:3456000,86400:95040000");
    EXPECT_EQ(Retention::parse("60:2d,5m:10d,1h:40d,1d:1100d").value(), Retention::kurado());
    EXPECT_EQ(Retention::parse("5m:30d").value().step, Seconds{300});
    for (const char* text : {"", "60", "60:", "60:2d,", "0:2d", "60:2d,90:2d", "60:30",
                             "60:2d;5m:1d", "1:100000000d", "60:2d,60:3d", "60:2d,x:3d"}) {
        EXPECT_FALSE(Retention::parse(text)) << text;
    }
    EXPECT_THAT(Retention::parse("60:2d,90:2d").error().message,
                HasSubstr("ring '90:2d': a resolution is a multiple of the first one, 60 s"));
}

// ---- In a store ----

class StoreRebuild : public testing::Test {
  protected:
    std::unique_ptr<LocalStore> open() {
        return LocalStore::open_local(directory_.path() / "data", {}).value();
    }
    static Batch batch(int minute, const std::string& key) {
        return {"host", {{"plugin", key, RawValue::of(minute), kBegin + kMinute * minute}}};
    }
    static std::vector<Value> rows(const Store& store, int from, int to) {
        return store
            .fetch({"host", "plugin", "a.gauge"}, {.start = kBegin + kMinute * from,
                                                   .end = kBegin + kMinute * (to - 1),
                                                   .resolution = kMinute})
            ->values;
    }

    tests::TemporaryDirectory directory_;
};

TEST_F(StoreRebuild, AChangedRetentionSurvivesACrash) {
    auto store = open();
    for (int minute = 0; minute <= 20; ++minute) {
        ASSERT_TRUE(store->append(batch(minute, "a.gauge")));
    }
    const auto before = rows(*store, 5, 15);
    const Retention wanted = Retention::parse("60:1h,10m:1d").value();
    ASSERT_TRUE(store->change_retention("host", wanted));
    EXPECT_EQ(store->change_retention("none", wanted).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store->retention("host")->rings, wanted.rings);
    EXPECT_EQ(rows(*store, 5, 15), before);
    for (int minute = 21; minute <= 30; ++minute) {
        ASSERT_TRUE(store->append(batch(minute, "a.gauge")));
    }
    store.reset();  // as a crash
    store = open();
    EXPECT_TRUE(store->recovery().complaints.empty());
    EXPECT_EQ(store->recovery().records, 10);
    EXPECT_EQ(rows(*store, 5, 15), before);
    EXPECT_EQ(rows(*store, 25, 30).front(), 26);
    EXPECT_TRUE(store->check("host")->problems.empty());
}

TEST_F(StoreRebuild, SilentSeriesGoWhenAskedAndOthersKeepTheirs) {
    auto store = open();
    for (int minute = 0; minute <= 20; ++minute) {
        ASSERT_TRUE(minute >= 5 || store->append(batch(minute, "old.gauge")));
        ASSERT_TRUE(store->append(batch(minute, "a.gauge")));
    }
    const auto before = rows(*store, 5, 15);
    EXPECT_THAT(store->retire("host", kBegin + kMinute * 3).value(), testing::IsEmpty());
    EXPECT_THAT(store->retire("host", kBegin + kMinute * 10).value(),
                testing::ElementsAre("plugin/old.gauge"));
    EXPECT_EQ(store->series("host")->size(), 1);
    EXPECT_EQ(rows(*store, 5, 15), before);
    ASSERT_TRUE(store->append(batch(21, "old.gauge")));
    ASSERT_TRUE(store->append(batch(21, "a.gauge")));
    store.reset();  // as a crash
    store = open();
    EXPECT_TRUE(store->recovery().complaints.empty());
    EXPECT_EQ(store->series("host")->size(), 2);
    EXPECT_EQ(rows(*store, 18, 22)[2], 21);
}

}  // namespace
}  // namespace kurabe::store
