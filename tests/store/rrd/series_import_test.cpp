// What an import takes, and that it says what it cannot. Equal numbers afterwards:
// tests/differential/series_file_differential_test.cpp.
#include "store/rrd/series_import.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/series_file.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kImportBegin = 1'200'000'000;  // a multiple of 300

Retention rings(Seconds step, std::vector<RingShape> shapes) {
    return {.step = step, .heartbeat = step * 2, .xff = 0.5, .rings = std::move(shapes)};
}

class SeriesImport : public testing::Test {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }
    // A file of these definitions with `count` samples, one per step, 1, 2, 3...
    void create(int step, const std::string& definitions, int count, int columns = 1) {
        const std::string name = path_.string();
        run("create " + name + " -b " + std::to_string(kImportBegin) + " -s " +
            std::to_string(step) + " " + definitions);
        if (count == 0) return;
        std::string update = "update " + name;
        for (int i = 1; i <= count; ++i) {
            update += " " + std::to_string(kImportBegin + i * step);
            for (int column = 0; column < columns; ++column) update += ":" + std::to_string(i);
        }
        run(update);
    }
    void run(const std::string& command) {
        const auto answer = rrdtool_.run(command);
        ASSERT_TRUE(answer.ok) << answer.text;
    }
    Archive open() {
        auto archive = Archive::open(path_, File::Access::kRead);
        EXPECT_TRUE(archive) << archive.error().message;
        return std::move(*archive);
    }

    tests::TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_.path() / "a.rrd";
    tests::RrdtoolProcess rrdtool_;
};

TEST_F(SeriesImport, TheRingsOfAFileAreThoseOfItsRras) {
    create(60,
           "DS:a:GAUGE:120:U:U RRA:AVERAGE:0.3:1:20 RRA:AVERAGE:0.3:5:10 RRA:MAX:0.3:1:30 "
           "RRA:MAX:0.3:5:10 RRA:HWPREDICT:100:0.1:0.1:10",
           1);
    EXPECT_EQ(retention_of(open().header()).value(),
              (Retention{.step = Seconds{60},
                         .heartbeat = Seconds{120},
                         .xff = open().header().rras[0].parameters[RraRecord::kXff].number(),
                         .rings = {{1, 30, {Cf::kAverage, Cf::kMax}},
                                   {5, 10, {Cf::kAverage, Cf::kMax}}}}));
}

TEST_F(SeriesImport, FilesWhoseRingsNoArchiveHasAreRefused) {
    create(60, "DS:a:GAUGE:120:U:U RRA:HWPREDICT:100:0.1:0.1:10", 1);
    EXPECT_EQ(retention_of(open().header()).error().code, ErrorCode::kUnsupported);
    create(100'000, "DS:a:GAUGE:120:U:U RRA:AVERAGE:0.5:1:10", 1);
    EXPECT_THAT(retention_of(open().header()).error().message, HasSubstr("a step of 100000 s"));
}

TEST_F(SeriesImport, RowsThatFitNoRingAreSaid) {
    create(60,
           "DS:a:GAUGE:120:U:U RRA:AVERAGE:0.5:1:10 RRA:AVERAGE:0.5:5:8 RRA:MAX:0.5:7:8 "
           "RRA:MIN:0.5:5:8 RRA:MIN:0.5:60:8",
           30);
    const auto imported = import_series(
        open(), 0, rings(Seconds{60}, {{1, 4, {Cf::kAverage}}, {5, 4, {Cf::kAverage, Cf::kMax}}}));
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_THAT(imported->losses,
                ElementsAre("RRA 0 (AVERAGE, 60 s) is longer than its ring: the 6 oldest rows are "
                            "not kept",
                            "RRA 1 (AVERAGE, 300 s) is longer than its ring: the 2 oldest rows are "
                            "not kept",
                            "RRA 2 (MAX, 420 s) fits no ring: 4 rows are not kept",
                            "RRA 3 (MIN, 300 s) fits no ring: 6 rows are not kept"));
    EXPECT_EQ(imported->rows_lost, 18u);
    ASSERT_EQ(imported->copy.planes.size(), 3u);
    EXPECT_THAT(imported->copy.planes[0], ElementsAre(27, 28, 29, 30));
    EXPECT_THAT(imported->copy.planes[1], ElementsAre(13, 18, 23, 28));
    EXPECT_THAT(imported->copy.planes[2], testing::Each(testing::IsNan()));
    EXPECT_EQ(imported->copy.column.history_start, Time{Seconds{kImportBegin + 10 * 60}});
}

TEST_F(SeriesImport, RowsOfHoltWintersAreSaidAndNotCounted) {
    create(60, "DS:a:GAUGE:120:U:U RRA:AVERAGE:0.5:1:100 RRA:HWPREDICT:100:0.1:0.1:10", 50);
    const auto imported = import_series(open(), 0, rings(Seconds{60}, {{1, 100, {Cf::kAverage}}}));
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_THAT(imported->losses, testing::Contains(HasSubstr("(HWPREDICT, 60 s) fits no ring")));
    EXPECT_EQ(imported->rows_lost, 0u);
}

TEST_F(SeriesImport, AnotherStepKeepsRowsAndBeginsAnew) {
    create(300, "DS:a:COUNTER:600:0:5 RRA:AVERAGE:0.5:1:8 RRA:AVERAGE:0.5:12:8", 20);
    const auto imported = import_series(open(), 0,
                                        rings(Seconds{60}, {{1, 4, {Cf::kAverage, Cf::kMin}},
                                                            {5, 8, {Cf::kAverage, Cf::kMin}},
                                                            {60, 2, {Cf::kAverage, Cf::kMin}}}));
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_THAT(imported->losses,
                ElementsAre("its step is 300 s, the archive's 60 s: the open PDP and CDPs begin "
                            "anew"));
    const Column& column = imported->copy.column;
    EXPECT_EQ(column.source.type, DsType::kCounter);
    EXPECT_EQ(column.source.heartbeat, Seconds{600});
    EXPECT_EQ(column.source.maximum, 5);
    EXPECT_EQ(column.last_time, SampleTime{Seconds{kImportBegin + 20 * 300}});
    EXPECT_TRUE(column.last_raw.integer == 20);
    const double rate = 1.0 / 300;
    EXPECT_THAT(imported->copy.planes[1], testing::Each(rate)) << "of one PDP: MIN and AVERAGE";
    EXPECT_THAT(imported->copy.planes[2], testing::Each(rate));
    EXPECT_EQ(imported->copy.planes[3].back(), rate);
    EXPECT_TRUE(is_unknown(imported->copy.planes[4].back())) << "an average is no minimum";
}

TEST_F(SeriesImport, OnlyDataSourcesOfTheStoreAreTaken) {
    create(60,
           "DS:a:GAUGE:120:U:U DS:b:COMPUTE:a,2,* DS:c:DDERIVE:120:U:U DS:d:ABSOLUTE:99999999:U:U "
           "RRA:AVERAGE:0.5:1:8",
           0);
    const Retention target = Retention::kurado();
    EXPECT_TRUE(import_series(open(), 0, target));
    EXPECT_EQ(import_series(open(), 1, target).error().message,
              "a COMPUTE is no series of the store");
    EXPECT_EQ(import_series(open(), 2, target).error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(import_series(open(), 3, target).error().message, HasSubstr("heartbeat"));
}

TEST_F(SeriesImport, OfSeveralDataSourcesEachIsASeries) {
    create(60, "DS:a:GAUGE:120:U:U DS:b:DERIVE:120:U:U RRA:AVERAGE:0.5:1:4", 5, 2);
    const Retention target = rings(Seconds{60}, {{1, 4, {Cf::kAverage}}});
    const auto a = import_series(open(), 0, target);
    const auto b = import_series(open(), 1, target);
    ASSERT_TRUE(a && b);
    EXPECT_THAT(a->losses, IsEmpty());
    EXPECT_THAT(a->copy.planes[0], ElementsAre(2, 3, 4, 5));
    EXPECT_THAT(b->copy.planes[0], testing::Each(1.0 / 60));
}

// A file of a series, read back: the same bytes again.
TEST_F(SeriesImport, AnExportedSeriesComesBackWhole) {
    create(60,
           "DS:n:DERIVE:120:-7:U RRA:AVERAGE:0.5:1:9 RRA:AVERAGE:0.5:5:6 RRA:MIN:0.5:1:9 "
           "RRA:MIN:0.5:5:6",
           17);
    const auto target = retention_of(open().header());
    ASSERT_TRUE(target);
    const auto first = import_series(open(), 0, *target);
    ASSERT_TRUE(first);
    const auto bytes = series_file(first->copy);
    std::ofstream(path_, std::ios::binary) << bytes;
    const auto again = import_series(open(), 0, *target);
    ASSERT_TRUE(again);
    EXPECT_EQ(series_file(again->copy), bytes);
}

}  // namespace
}  // namespace kurabe::store::rrd
