// Properties of host archives under random samples; the seed of a failure is printed.
#include <random>

#include <fmt/format.h>

#include "tests/store/archive_fixture.hpp"

namespace kurabe::store {
namespace {

using Random = std::mt19937_64;

class ArchiveProperty : public ArchiveFixture {
  protected:
    static constexpr std::uint64_t kSeeds = 40;

    // Some 4 s apart; times are multiples of `grid`.
    static std::vector<Sample> random_samples(Random& random, std::size_t count,
                                              std::chrono::microseconds grid) {
        std::uniform_int_distribution<int> series(0, 30);
        std::uniform_real_distribution<double> value(10, 20);
        std::uniform_int_distribution<std::int64_t> advance(1, Seconds{9} / grid);
        std::vector<Sample> samples;
        SampleTime time = kBegin;
        for (std::size_t i = 0; i < count; ++i) {
            time += grid * advance(random);
            samples.push_back(sample(fmt::format("s{}.gauge", series(random)),
                                     RawValue::of(value(random)), time));
        }
        return samples;
    }
    // The state and every row of every series, unknown as one and the same.
    static std::string contents_of(const HostArchive& archive) {
        std::string text;
        for (const Column& column : archive.columns()) {
            text += fmt::format("{} {} {} {}\n", column.key,
                                column.last_time.time_since_epoch().count(), column.pdp.value,
                                column.pdp.unknown_seconds);
            for (const CdpState& cdp : column.cdps) {
                text += fmt::format("{} {}\n", cdp.value, cdp.unknown_pdps);
            }
            for (const Cf cf : {Cf::kAverage, Cf::kMin, Cf::kMax}) {
                for (const Seconds resolution : {kMinute, 3 * kMinute}) {
                    for (const Value value : fetch(archive, column.key, -5, 600, cf, resolution)) {
                        text += is_unknown(value) ? "U " : fmt::format("{} ", value);
                    }
                }
            }
        }
        return text;
    }
};

TEST_F(ArchiveProperty, AnySplitOfABatchAndAnyReopeningGivesTheSameArchive) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Random random(seed);
        const std::vector<Sample> samples =
            random_samples(random, 2000, std::chrono::microseconds{1});
        HostArchive whole = create();
        append(whole, samples);
        const std::string expected = contents_of(whole);

        std::filesystem::remove(path());
        HostArchive split = create();
        for (std::size_t begin = 0; begin < samples.size();) {
            const std::size_t size = std::min<std::size_t>(
                std::uniform_int_distribution<std::size_t>(1, 400)(random), samples.size() - begin);
            const auto first = samples.begin() + static_cast<std::ptrdiff_t>(begin);
            append(split, {first, first + static_cast<std::ptrdiff_t>(size)});
            begin += size;
            if (random() % 2 != 0) continue;
            ASSERT_TRUE(split.checkpoint());
            split = open();
        }
        ASSERT_EQ(contents_of(split), expected);
    }
}

// A process that ends leaves its rows in the file, and the state of some moment before. What is
// applied to that again may need rows of then that later ones have overwritten.
TEST_F(ArchiveProperty, ReplayingAfterAnyMomentGivesTheSameArchive) {
    constexpr std::uint64_t kReplays = 10;
    Retention retention{
        .rings = {{1, 60, {Cf::kAverage}}, {3, 40, {Cf::kAverage, Cf::kMin, Cf::kMax}}}};
    retention.heartbeat = Seconds{200};  // most rows are known
    std::uint64_t states_for_rows = 0;
    std::uint64_t late_rows = 0;
    for (std::uint64_t seed = 1; seed <= kReplays; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Random random(seed);
        std::vector<Sample> samples = random_samples(random, 3000, std::chrono::microseconds{1});
        for (Sample& sample : samples) {
            if (random() % 8 == 0)
                sample.time -= Seconds{static_cast<std::int64_t>(random() % 900)};
        }
        std::filesystem::remove(path());
        HostArchive archive = create(retention);
        std::vector<JournalRecord> records;
        std::span<const Sample> rest(samples);
        while (!rest.empty()) {
            AppendReport report;
            const std::size_t size = std::min<std::size_t>(random() % 400 + 1, rest.size());
            auto plan = archive.accept("host", rest.first(size), SampleTime::max(), report).value();
            std::ranges::stable_sort(plan.late, {}, &LateSample::column);
            ASSERT_TRUE(archive.accept_late(rest, plan.late, plan.record, report));
            rest = rest.subspan(plan.judged);
            if (plan.record.samples.empty()) continue;
            plan.record.sequence = records.size() + 1;
            late_rows += plan.record.rows.size() + plan.record.runs.size();
            if (!archive.keeps_open_rows(plan.record)) ++states_for_rows;
            ASSERT_TRUE(archive.make_room(plan.record));
            ASSERT_TRUE(archive.apply(plan.record));
            records.push_back(std::move(plan.record));
            ASSERT_TRUE(random() % 20 != 0 || archive.checkpoint());
            if (random() % 10 != 0) continue;
            const std::string expected = contents_of(archive);
            archive = open();
            for (const JournalRecord& record : records) {
                if (record.sequence <= archive.applied_sequence()) continue;
                ASSERT_TRUE(archive.check_record(record));
                ASSERT_TRUE(archive.make_room(record));
                ASSERT_TRUE(archive.apply(record));
            }
            ASSERT_TRUE(contents_of(archive) == expected);
        }
    }
    EXPECT_GT(states_for_rows, kReplays) << "hardly an open block was needed again";
    EXPECT_GT(late_rows, 20 * kReplays);
}

// Whole seconds only: as in rrdtool, fractions of unknown seconds are dropped, which lowers values.
TEST_F(ArchiveProperty, RowsStayInsideTheRangeOfTheirInputs) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::filesystem::remove(path());
        Random random(seed);
        HostArchive archive = create();
        append(archive, random_samples(random, 3000, Seconds{1}));
        for (const Column& column : archive.columns()) {
            for (const Cf cf : {Cf::kAverage, Cf::kMin, Cf::kMax}) {
                for (const Value value : fetch(archive, column.key, -5, 600, cf, 3 * kMinute)) {
                    if (is_unknown(value)) continue;
                    ASSERT_GE(value, 10 - 1e-9);
                    ASSERT_LE(value, 20 + 1e-9);
                }
            }
        }
    }
}

}  // namespace
}  // namespace kurabe::store
