// Samples that come after later ones: they fill what is unknown, and rows of other rings follow.
#include <cmath>
#include <map>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

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
