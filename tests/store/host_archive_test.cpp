// What a host archive stores, refuses, keeps over a restart and over growth.
#include "store/host_archive.hpp"

#include <gmock/gmock.h>

#include "tests/store/archive_fixture.hpp"

namespace kurabe::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveDoubleEq;

class HostArchiveTest : public ArchiveFixture {};

auto rows(std::initializer_list<double> values) {
    std::vector<testing::Matcher<double>> matchers;
    for (const double value : values) matchers.push_back(NanSensitiveDoubleEq(value));
    return testing::ElementsAreArray(matchers);
}

TEST_F(HostArchiveTest, AGaugeComesBackAsItsRows) {
    HostArchive archive = create();
    std::vector<Sample> samples;
    for (int minute = 0; minute <= 5; ++minute) samples.push_back(gauge("load", minute, minute));
    EXPECT_EQ(append(archive, samples).stored, 6);
    EXPECT_THAT(fetch(archive, "load.gauge", 0, 5), rows({1, 2, 3, 4, 5}));
    EXPECT_THAT(fetch(archive, "load.gauge", 3, 7), rows({4, 5, kUnknown, kUnknown}));
}

TEST_F(HostArchiveTest, RowsBeforeTheFirstSampleAreUnknown) {
    HostArchive archive = create();
    append(archive, {gauge("a", 1, 0), gauge("a", 1, 1)});
    EXPECT_THAT(fetch(archive, "a.gauge", -3, 1), rows({kUnknown, kUnknown, kUnknown, 1}));
}

TEST_F(HostArchiveTest, ARingNeverShowsAnEarlierLap) {
    HostArchive archive = create({.rings = {{1, 10, {Cf::kAverage}}}});
    for (int minute = 0; minute <= 25; ++minute) append(archive, {gauge("a", minute, minute)});
    EXPECT_THAT(fetch(archive, "a.gauge", 13, 26),
                rows({kUnknown, kUnknown, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, kUnknown}));
}

// A flipped bit in a run that is complete: its rows are unknown, and no others.
TEST_F(HostArchiveTest, RowsWithAWrongChecksumAreUnknown) {
    {
        HostArchive archive = create();
        for (int minute = 0; minute < 10; ++minute) append(archive, {gauge("a", minute, minute)});
        ASSERT_TRUE(archive.checkpoint());
        EXPECT_THAT(fetch(archive, "a.gauge", 0, 9), rows({1, 2, 3, 4, 5, 6, 7, 8, 9}));
    }
    const HostArchive before = open();
    const RingPlace& ring = before.layout().rings()[0];
    const auto row =
        static_cast<std::uint64_t>((kBegin + kMinute * 4).time_since_epoch() / kMinute);
    std::string bytes = read_file();
    bytes[ArchiveLayout::run_offset(ring, 0, row)] ^= 1;
    write_file(bytes);
    const HostArchive archive = open();
    const std::int64_t first = static_cast<std::int64_t>(row / 4 * 4) -
                               static_cast<std::int64_t>(kBegin.time_since_epoch() / kMinute);
    std::vector<Value> values = fetch(archive, "a.gauge", 0, 9);
    for (std::int64_t minute = 1; minute < 10; ++minute) {
        const bool is_hit = minute >= first && minute < first + 4;
        EXPECT_EQ(is_unknown(values[static_cast<std::size_t>(minute - 1)]), is_hit) << minute;
    }
}

TEST_F(HostArchiveTest, EachSampleIsJudgedAlone) {
    HostArchive archive = create();
    append(archive, {gauge("a", 1, 5)});
    const AppendReport report = append(
        archive,
        {gauge("a", 2, 5), gauge("a", 2, 4), gauge("a", 3, 6),
         sample("bad", RawValue::of(1), kBegin), sample("c.counter", RawValue::of(1), kBegin),
         sample("y.gauge", RawValue::of(1), Time{Seconds{1000}}), gauge("b", 1, 6)});
    EXPECT_EQ(report.stored, 2);
    EXPECT_EQ(report.refused_count, 5);
    ASSERT_EQ(report.refused.size(), 5);
    std::vector<std::string> outdated;
    for (const Error& error : report.refused) {
        if (error.code == ErrorCode::kOutdated) outdated.push_back(error.message);
    }
    EXPECT_THAT(outdated,
                ElementsAre("host/plugin/a.gauge: illegal attempt to update using time 1700000400 "
                            "when last update time is 1700000400 (minimum one second step)",
                            HasSubstr("using time 1700000340")));
    EXPECT_EQ(archive.columns().size(), 2);
}

TEST_F(HostArchiveTest, KeepsAtMostAHundredErrors) {
    HostArchive archive = create();
    const AppendReport report =
        append(archive, std::vector<Sample>(150, sample("bad", RawValue::of(1), kBegin)));
    EXPECT_EQ(report.refused_count, 150);
    EXPECT_EQ(report.refused.size(), 100);
}

TEST_F(HostArchiveTest, AfterACheckpointReopeningChangesNothing) {
    HostArchive archive = create();
    for (int minute = 0; minute < 8; ++minute) append(archive, {gauge("a", minute, minute)});
    append(archive, {sample("c.counter", RawValue::of_integer(WideInteger{1} << 90), kBegin),
                     sample("d.derive", RawValue::of_integer(-7), kBegin)});
    ASSERT_TRUE(archive.checkpoint());
    const HostArchive reopened = open();
    EXPECT_EQ(state_of(reopened), state_of(archive));
    EXPECT_THAT(fetch(reopened, "a.gauge", 0, 7), rows({1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(HostArchiveTest, WithoutACheckpointTheStateOfTheLastOneReturns) {
    HostArchive archive = create();
    append(archive, {gauge("a", 1, 0)});
    ASSERT_TRUE(archive.checkpoint());
    const auto state = state_of(archive);
    append(archive, {gauge("a", 2, 1)});
    EXPECT_EQ(state_of(open()), state);
}

TEST_F(HostArchiveTest, ADamagedStateAreaFallsBackToTheOneBefore) {
    HostArchive archive = create();
    append(archive, {gauge("a", 1, 0)});
    ASSERT_TRUE(archive.checkpoint());  // the second area
    const auto state = state_of(archive);
    append(archive, {gauge("a", 2, 1)});
    ASSERT_TRUE(archive.checkpoint());  // the first area
    std::string bytes = read_file();
    bytes[archive.layout().state_offset(0) + 70] ^= 1;
    write_file(bytes);
    EXPECT_EQ(state_of(open()), state);
}

// As a checkpoint is written without the host's lock, and the process killed behind it.
TEST_F(HostArchiveTest, AStateOnItsWayKeepsTheRowsOfANewColumn) {
    HostArchive archive = create();
    std::vector<JournalRecord> records;
    const auto add = [&](std::int64_t minute) {
        AppendReport report;
        const std::vector samples{gauge("a", static_cast<double>(minute), minute)};
        auto plan = archive.accept("host", samples, SampleTime::max(), report).value();
        plan.record.sequence = records.size() + 1;
        ASSERT_TRUE(archive.make_room(plan.record));
        ASSERT_TRUE(archive.apply(plan.record));
        records.push_back(plan.record);
    };
    for (int minute = 0; minute <= 2; ++minute) add(minute);
    const auto write = archive.begin_checkpoint();
    for (int minute = 3; minute <= 10; ++minute) add(minute);
    ASSERT_TRUE(write_state(*write));
    const auto expected = fetch(archive, "a.gauge", 0, 10);
    archive = open();
    for (const JournalRecord& record : records) {
        if (record.sequence <= archive.applied_sequence()) continue;
        ASSERT_TRUE(archive.make_room(record));
        ASSERT_TRUE(archive.apply(record));
    }
    EXPECT_EQ(fetch(archive, "a.gauge", 0, 10), expected);
}

TEST_F(HostArchiveTest, GrowsByColumnsAndNamesWithoutLosingHistory) {
    HostArchive archive = create();
    std::vector<Sample> samples;
    for (int minute = 0; minute <= 7; ++minute) samples.push_back(gauge("a", minute, minute));
    append(archive, samples);
    samples.clear();
    for (int i = 0; i < 40; ++i) {
        samples.push_back(gauge("m" + std::to_string(i) + std::string(400, 'x'), i, 7));
    }
    EXPECT_EQ(append(archive, samples).stored, 40);
    EXPECT_EQ(archive.layout().shape().column_capacity, 64);
    append(archive, {gauge("a", 8, 8)});
    const auto expected = rows({1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_THAT(fetch(archive, "a.gauge", 0, 8), expected);
    EXPECT_THAT(fetch(archive, "a.gauge", 0, 6, Cf::kMax, Seconds{180}), rows({3, 6}));
    ASSERT_TRUE(archive.checkpoint());
    const HostArchive reopened = open();
    EXPECT_THAT(fetch(reopened, "a.gauge", 0, 8), expected);
    EXPECT_EQ(reopened.columns().size(), 41);
    EXPECT_FALSE(std::filesystem::exists(path().string() + ".new"));
}

TEST_F(HostArchiveTest, ASeriesBeginsTenSecondsBeforeItsFirstSample) {
    HostArchive archive = create();
    const SampleTime time = kBegin + std::chrono::milliseconds{1500};
    append(archive, {sample("a.gauge", RawValue::of(1), time)});
    const Column& column = archive.columns().front();
    EXPECT_EQ(column.history_start, kBegin - Seconds{9});
    EXPECT_EQ(column.last_time, time);
    EXPECT_EQ(column.source.heartbeat, Seconds{120});
}

TEST_F(HostArchiveTest, FetchNamesWhatIsMissing) {
    HostArchive archive = create({.rings = {{3, 8, {Cf::kAverage}}}});
    append(archive, {gauge("a", 1, 0)});
    const FetchRequest request{.cf = RraCf::kMax, .start = kBegin, .end = kBegin};
    EXPECT_EQ(archive.fetch({"plugin", "b.gauge"}, request).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(archive.fetch({"plugin", "a.gauge"}, request).error().message,
              "the RRD does not contain an RRA matching the chosen CF");
    const FetchRequest far{.start = Time{}, .end = Time{Seconds{32'000'000'000}}};
    EXPECT_EQ(archive.fetch({"plugin", "a.gauge"}, far).error().code, ErrorCode::kLimit);
}

TEST_F(HostArchiveTest, ACopyPutIntoAnotherArchiveIsTheSame) {
    HostArchive archive = create();
    for (std::int64_t minute = 0; minute < 25; ++minute) {
        if (minute == 7) continue;
        (void)append(archive, {gauge("other", 1, minute),
                               gauge("moved", static_cast<double>(minute), minute)});
    }
    const auto copy = archive.copy({"plugin", "moved.gauge"});
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ(archive.copy({"plugin", "none.gauge"}).error().code, ErrorCode::kNotFound);

    auto target =
        HostArchive::create(directory_.path() / "b.kurabe",
                            {.retention = small_retention(), .columns = 1, .values_per_run = 7});
    ASSERT_TRUE(target);
    ASSERT_TRUE(target->insert(*copy));
    for (std::int64_t minute = 25; minute < 30; ++minute) {
        (void)append(archive, {gauge("moved", 0.5, minute)});
        (void)append(*target, {gauge("moved", 0.5, minute)});
    }
    const auto before = archive.copy({"plugin", "moved.gauge"});
    ASSERT_TRUE(target->checkpoint());
    const auto reopened =
        HostArchive::open(directory_.path() / "b.kurabe", MappedFile::Access::kRead);
    ASSERT_TRUE(reopened);
    const auto after = reopened->copy({"plugin", "moved.gauge"});
    ASSERT_TRUE(before && after);
    ASSERT_EQ(before->planes.size(), after->planes.size());
    for (std::size_t plane = 0; plane < before->planes.size(); ++plane) {
        EXPECT_THAT(after->planes[plane],
                    testing::Pointwise(testing::NanSensitiveDoubleEq(), before->planes[plane]));
    }
    EXPECT_EQ(encode_state({.sequence = 1}, {&after->column, 1}),
              encode_state({.sequence = 1}, {&before->column, 1}));
}

TEST_F(HostArchiveTest, InsertRefusesWhatIsThereOrDoesNotFit) {
    HostArchive archive = create();
    (void)append(archive, {gauge("a", 1, 0)});
    SeriesCopy copy = archive.copy({"plugin", "a.gauge"}).value();
    EXPECT_EQ(archive.insert(copy).error().message, "there is a series of that name already");
    copy.column.key = "b.counter";
    EXPECT_EQ(archive.insert(copy).error().code, ErrorCode::kInvalid) << "another type";
    copy.column.key = "b.gauge";
    copy.retention.rings.pop_back();
    EXPECT_EQ(archive.insert(copy).error().message, "the archive has other rings");
}

}  // namespace
}  // namespace kurabe::store
