// Samples that come after later ones: they fill what is unknown, and rows of other rings follow.
#include <cmath>
#include <map>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/series_resampling.hpp"
#include "tests/store/archive_fixture.hpp"

namespace kurabe::store {
namespace {

using testing::ElementsAre;
using testing::NanSensitiveDoubleEq;

constexpr std::int64_t kPdps = 3;

class LateRows : public ArchiveFixture {
  protected:
    static Retention retention() {
        return {.heartbeat = kMinute,
                .xff = 0.5,
                .rings = {{1, 100, {Cf::kAverage}},
                          {kPdps, 40, {Cf::kAverage, Cf::kMin, Cf::kMax, Cf::kLast}}}};
    }
    // Minutes first + 1...last.
    static std::vector<Value> minutes(const HostArchive& archive, std::int64_t first,
                                      std::int64_t last) {
        return fetch(archive, "a.gauge", first, last);
    }
};

// A plain consolidation of minutes of which some are unknown.
Value consolidated(Cf cf, std::span<const Value> rows) {
    std::vector<Value> known;
    std::ranges::copy_if(rows, std::back_inserter(known),
                         [](Value value) { return !is_unknown(value); });
    const auto unknown = static_cast<double>(rows.size() - known.size());
    if (unknown > 0.5 * static_cast<double>(rows.size())) return kUnknown;
    switch (cf) {
        case Cf::kMin:
            return std::ranges::min(known);
        case Cf::kMax:
            return std::ranges::max(known);
        case Cf::kLast:
            return rows.back();
        case Cf::kAverage:
            break;
    }
    double sum = 0;
    for (const Value value : known) sum += value;
    return sum / static_cast<double>(known.size());
}

TEST_F(LateRows, AGaugeFillsTheUnknownRowThatItLiesIn) {
    HostArchive archive = create(retention());
    append(archive, {gauge("a", 1, 0), gauge("a", 2, 1), gauge("a", 5, 4), gauge("a", 6, 5)});
    EXPECT_THAT(minutes(archive, 0, 5),
                ElementsAre(2, testing::IsNan(), testing::IsNan(), testing::IsNan(), 6));
    const auto late = sample("a.gauge", RawValue::of(3), kBegin + kMinute * 2 - Seconds{20});
    EXPECT_EQ(append(archive, {late}).stored, 1);
    EXPECT_THAT(minutes(archive, 0, 5), ElementsAre(2, 3, testing::IsNan(), testing::IsNan(), 6));
    EXPECT_EQ(append(archive, {gauge("a", 4, 3)}).stored, 1);
    EXPECT_THAT(minutes(archive, 0, 5), ElementsAre(2, 3, 4, testing::IsNan(), 6));
}

TEST_F(LateRows, WhatIsKnownStays) {
    HostArchive archive = create(retention());
    append(archive, {gauge("a", 1, 0), gauge("a", 2, 1), gauge("a", 5, 4)});
    const auto outcome = append(archive, {gauge("a", 9, 1), gauge("a", 9, 4), gauge("a", 3, 2),
                                          gauge("a", 9, 2), gauge("a", 9, -3)});
    EXPECT_EQ(outcome.stored, 1);
    EXPECT_EQ(outcome.refused_count, 4);
    EXPECT_THAT(minutes(archive, 0, 2), ElementsAre(2, 3));
}

TEST_F(LateRows, ACounterNeedsTheReadingBefore) {
    HostArchive archive = create({.heartbeat = kMinute * 3, .rings = retention().rings});
    const auto counter = [](std::int64_t value, std::int64_t minute) {
        return sample("a.derive", RawValue::of_integer(value), kBegin + kMinute * minute);
    };
    append(archive, {counter(0, 0), counter(60, 1), counter(6000, 9), counter(6060, 10)});
    // Of four late readings the first has none before it, and the last comes too long after.
    const auto outcome =
        append(archive, {counter(120, 2), counter(240, 4), counter(300, 5), counter(900, 9)});
    EXPECT_EQ(outcome.stored, 2);
    EXPECT_EQ(outcome.refused_count, 2);
    EXPECT_THAT(fetch(archive, "a.derive", 0, 10),
                ElementsAre(1, testing::IsNan(), 1, 1, 1, testing::IsNan(), testing::IsNan(),
                            testing::IsNan(), testing::IsNan(), 1));
}

TEST_F(LateRows, AnUnknownReadingFillsNothing) {
    HostArchive archive = create(retention());
    append(archive, {gauge("a", 1, 0), gauge("a", 5, 4)});
    EXPECT_EQ(append(archive, {sample("a.gauge", RawValue::unknown(), kBegin + kMinute)}).stored,
              0);
}

TEST_F(LateRows, RowsOfADamagedRunStayUnknown) {
    HostArchive archive = create(retention());
    for (std::int64_t minute = 0; minute < 20; ++minute) {
        if (minute != 5) append(archive, {gauge("a", 1, minute)});
    }
    const RingPlace& ring = archive.layout().rings()[0];
    const auto row = static_cast<std::uint64_t>(row_at(kBegin, kMinute) + 5);
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(
        static_cast<std::streamoff>(ArchiveLayout::run_offset(ring, 0, row / ring.rows_per_block)));
    file.write("broken", 6);
    file.close();
    EXPECT_EQ(append(archive, {gauge("a", 7, 5)}).stored, 0);
    EXPECT_GT(archive.check()->damaged_runs, 0) << "it is still seen";
}

// A ring that got longer, or rows that a repair made unknown: the coarser ring knows more.
TEST_F(LateRows, RowsOfOtherRingsThatKnowMoreStay) {
    const Retention small{.xff = 0.5, .rings = {{1, 10, {Cf::kAverage}}, {3, 40, {Cf::kAverage}}}};
    Retention large = small;
    large.rings[0].rows = 100;
    HostArchive archive = create(small);
    for (int minute = 0; minute <= 61; ++minute) {
        append(archive, {gauge("a", minute, minute)});
    }
    const auto copy = archive.copy({"plugin", "a.gauge"}).value();
    std::filesystem::remove(path());
    archive = create(large);
    ASSERT_TRUE(archive.insert(resampled(copy, large)));
    const auto coarse = [&] {
        return fetch(archive, "a.gauge", 0, 30, Cf::kAverage, kMinute * kPdps);
    };
    const auto before = coarse();
    EXPECT_EQ(append(archive, {gauge("a", 8, 8)}).stored, 1);
    EXPECT_THAT(minutes(archive, 7, 8), ElementsAre(8));
    EXPECT_THAT(coarse(), testing::Pointwise(NanSensitiveDoubleEq(), before));
}

// As a process that was killed between the words of a run leaves it.
TEST_F(LateRows, ARunThatWasHalfWrittenIsWrittenAgain) {
    HostArchive archive = create(retention());
    for (int minute = 0; minute <= 20; ++minute) {
        if (minute != 5 && minute != 6) append(archive, {gauge("a", minute, minute)});
    }
    ASSERT_TRUE(archive.checkpoint());
    const std::string before = read_file();
    const std::vector samples{gauge("a", 5, 5)};
    AppendReport report;
    auto plan = archive.accept("host", samples, SampleTime::max(), report).value();
    ASSERT_TRUE(archive.accept_late(samples, plan.late, plan.record, report));
    plan.record.sequence = 1000;
    ASSERT_TRUE(archive.apply(plan.record));
    std::string torn = read_file();
    const RingPlace& ring = archive.layout().rings()[0];
    const auto row = static_cast<std::uint64_t>(row_at(kBegin, kMinute) + 5);
    const std::uint64_t checksum = ArchiveLayout::run_offset(ring, 0, row / ring.rows_per_block) +
                                   ring.values_per_run() * sizeof(Value);
    torn.replace(checksum, 8, before.substr(checksum, 8));
    write_file(torn);
    archive = open();
    EXPECT_GT(archive.check()->damaged_runs, 0);
    ASSERT_TRUE(archive.check_record(plan.record));
    ASSERT_TRUE(archive.apply(plan.record));
    EXPECT_EQ(archive.check()->damaged_runs, 0);
    EXPECT_THAT(minutes(archive, 3, 5), ElementsAre(4, 5));
}

TEST_F(LateRows, OneSampleFillsTheRowsSinceTheOneBeforeButNotAnyNumber) {
    Retention long_ring{.heartbeat = kMinute * 1000, .rings = {{1, 400, {Cf::kAverage}}}};
    HostArchive archive = create(long_ring);
    append(archive,
           {gauge("a", 1, 0), sample("a.gauge", RawValue::unknown(), kBegin + kMinute * 300)});
    EXPECT_EQ(append(archive, {gauge("a", 2, 10), gauge("a", 3, 13)}).stored, 2);
    EXPECT_THAT(minutes(archive, 8, 14),
                ElementsAre(testing::IsNan(), 2, 3, 3, 3, testing::IsNan()));
    EXPECT_EQ(append(archive, {gauge("a", 4, 100), gauge("a", 5, 290)}).stored, 2);
    EXPECT_THAT(minutes(archive, 290 - kLateRowsOfASampleMax - 1, 290 - kLateRowsOfASampleMax + 1),
                ElementsAre(testing::IsNan(), 5));
}

TEST_F(LateRows, ManyAreSeveralRecordsAndAllAreStored) {
    Retention long_ring{.heartbeat = kMinute, .rings = {{1, 5000, {Cf::kAverage}}}};
    HostArchive archive = create(long_ring);
    append(archive, {gauge("a", 1, 0), gauge("a", 1, 4000)});
    std::vector<Sample> samples;
    for (std::int64_t minute = 1; minute < 4000; ++minute) {
        samples.push_back(gauge("a", static_cast<double>(minute), minute));
    }
    AppendReport report;
    auto plan = archive.accept("host", samples, SampleTime::max(), report).value();
    std::span<const LateSample> late(plan.late);
    ASSERT_EQ(late.size(), samples.size());
    std::size_t records = 0;
    std::size_t stored = 0;
    for (; !late.empty(); ++records) {
        JournalRecord record{
            .sequence = records + 1, .host = "host", .new_columns = {}, .samples = {}};
        record.columns_before = 1;
        const auto counts = archive.accept_late(samples, late, record, report).value();
        std::vector<std::byte> bytes;
        ASSERT_TRUE(append_record(record, bytes));
        EXPECT_LT(bytes.size(), kJournalRecordBytesMax / 2);
        ASSERT_TRUE(archive.check_record(record));
        ASSERT_TRUE(archive.apply(record));
        late = late.subspan(counts.judged);
        stored += counts.stored;
    }
    EXPECT_GT(records, 1);
    EXPECT_EQ(stored, samples.size());
    const auto rows = minutes(archive, 0, 3999);
    for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i], static_cast<double>(i + 1));
}

TEST_F(LateRows, RecordsOfOtherArchivesAreRefused) {
    HostArchive archive = create(retention());
    for (int minute = 0; minute <= 22; ++minute) append(archive, {gauge("a", 1, minute)});
    const RingPlace& ring = archive.layout().rings()[0];
    const auto last = static_cast<std::uint64_t>(row_at(archive.columns()[0].last_time, kMinute));
    const std::uint64_t open = last / ring.rows_per_block;
    ASSERT_NE((last + 1) % ring.rows_per_block, 0) << "an open block with rows";
    const auto refuses = [&](const JournalRecord& late) {
        JournalRecord record = late;
        record.sequence = 100;
        record.columns_before = 1;
        return !archive.check_record(record);
    };
    const std::vector<Value> run(ring.values_per_run(), 1);
    JournalRecord good;
    good.rows = {{0, 0, last, {1}}};
    good.runs = {{0, 0, open - 1, run}};
    good.cdps = {{0, std::vector<CdpState>(archive.layout().cdp_count())}};
    EXPECT_FALSE(refuses(good));
    const auto changed = [&](auto change) {
        JournalRecord record = good;
        change(record);
        return refuses(record);
    };
    EXPECT_TRUE(changed([](JournalRecord& record) { record.rows[0].column = 1; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.rows[0].ring = 2; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { ++record.rows[0].row; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.rows[0].row = UINT64_MAX; }));
    EXPECT_TRUE(changed([&](JournalRecord& record) {
        record.rows[0].row = open * ring.rows_per_block - 1;
    })) << "its run would lose its checksum";
    EXPECT_TRUE(changed([](JournalRecord& record) { record.rows[0].values = {1, 2}; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.runs[0].column = 1; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.runs[0].ring = 2; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { ++record.runs[0].block; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.runs[0].block = 0; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.runs[0].values.pop_back(); }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.cdps[0].column = 1; }));
    EXPECT_TRUE(changed([](JournalRecord& record) { record.cdps[0].states.pop_back(); }));
}

// Random gaps, filled in any order, between samples that go on.
TEST_F(LateRows, RowsOfAllRingsAreThoseOfAPlainModel) {
    std::uint64_t filled = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        std::filesystem::remove(path());
        HostArchive archive = create(retention());
        std::map<std::int64_t, Value> rows;  // by minute; those that are known
        std::vector<std::int64_t> missing;
        std::int64_t last = 0;
        append(archive, {gauge("a", 0, 0)});
        for (std::int64_t minute = 1; minute < 90; ++minute) {
            const auto value = static_cast<double>(random() % 1000);
            if (random() % 3 != 0) {
                append(archive, {gauge("a", value, minute)});
                if (last == minute - 1) rows[minute] = value;
                last = minute;
            } else {
                missing.push_back(minute);
            }
            if (missing.empty() || random() % 2 == 0) continue;
            const auto chosen =
                missing.begin() + static_cast<std::ptrdiff_t>(random() % missing.size());
            const auto report = append(archive, {gauge("a", value + 0.5, *chosen)});
            if (*chosen > last) {
                // Nothing is late about it.
                if (last == *chosen - 1) rows[*chosen] = value + 0.5;
                last = *chosen;
                ASSERT_EQ(report.stored, 1);
            } else {
                ASSERT_EQ(report.stored, rows.contains(*chosen) ? 0 : 1);
                filled += report.stored;
                rows.try_emplace(*chosen, value + 0.5);
            }
            missing.erase(chosen);
        }
        ASSERT_TRUE(archive.checkpoint());
        archive = open();
        const auto value_of = [&](std::int64_t minute) {
            return rows.contains(minute) ? rows[minute] : kUnknown;
        };
        std::vector<Value> expected;
        for (std::int64_t minute = 1; minute <= last; ++minute) {
            expected.push_back(value_of(minute));
        }
        ASSERT_THAT(minutes(archive, 0, last),
                    testing::Pointwise(NanSensitiveDoubleEq(), expected));
        for (const Cf cf : {Cf::kAverage, Cf::kMin, Cf::kMax, Cf::kLast}) {
            std::vector<Value> folded;
            for (std::int64_t end = kPdps; end <= last; end += kPdps) {
                folded.push_back(consolidated(
                    cf, std::span(expected).subspan(static_cast<std::size_t>(end - kPdps), kPdps)));
            }
            ASSERT_THAT(fetch(archive, "a.gauge", 0, last / kPdps * kPdps, cf, kMinute * kPdps),
                        testing::Pointwise(NanSensitiveDoubleEq(), folded))
                << cf_name(cf);
        }
    }
    EXPECT_GT(filled, 500);
}

}  // namespace
}  // namespace kurabe::store
