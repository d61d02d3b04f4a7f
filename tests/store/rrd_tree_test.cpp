// A tree of rrdtool's own files, read as a store.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/tree.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kBegin = 1'200'000'000;  // a multiple of 300

class RrdTreeTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }
    // HOST/PLUGIN/KEY.rrd with the values 1, 2, 3... of ten minutes.
    void create(const std::string& path, const std::string& sources = "DS:n:GAUGE:120:U:U",
                const std::string& columns = "", int step = 60) {
        const auto file = directory_.path() / path;
        std::filesystem::create_directories(file.parent_path());
        run("create " + file.string() + " -b " + std::to_string(kBegin) + " -s " +
            std::to_string(step) + " " + sources +
            " RRA:AVERAGE:0.5:1:20 RRA:AVERAGE:0.5:5:20 RRA:MAX:0.5:5:20");
        std::string update = "update " + file.string();
        for (int i = 1; i <= 10; ++i) {
            update += " " + std::to_string(kBegin + i * 60) + ":" + std::to_string(i) + columns;
        }
        run(update);
    }
    void run(const std::string& command) {
        const auto answer = rrdtool_.run(command);
        ASSERT_TRUE(answer.ok) << answer.text;
    }
    static Result<SeriesName> name_of(const std::filesystem::path& file, const Header& header,
                                      std::size_t source) {
        if (file.stem() == "nameless") return fail(ErrorCode::kInvalid, "has no name");
        return SeriesName{file.parent_path().parent_path().filename(),
                          file.parent_path().filename(),
                          file.stem().string() + '-' +
                              std::string(text_of(header.sources[source].name)) + ".gauge"};
    }
    std::unique_ptr<RrdTree> open() {
        auto tree = RrdTree::open(directory_.path(), name_of);
        EXPECT_TRUE(tree) << tree.error().message;
        return *std::move(tree);
    }

    tests::TemporaryDirectory directory_;
    tests::RrdtoolProcess rrdtool_;
};

FetchRequest last_minutes() {
    return {.start = Time{Seconds{kBegin + 300}}, .end = Time{Seconds{kBegin + 540}}};
}

TEST_F(RrdTreeTest, EachDataSourceIsASeries) {
    create("web1/base/load.rrd");
    create("web1/disk/io.rrd", "DS:read:GAUGE:120:U:U DS:write:GAUGE:120:U:U", ":7");
    create("web2/base/load.rrd");
    const auto tree = open();
    EXPECT_THAT(tree->hosts(), ElementsAre("web1", "web2"));
    const auto series = tree->series("web1").value();
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series[0].name.text(), "web1/base/load-n.gauge");
    EXPECT_EQ(series[2].name.text(), "web1/disk/io-write.gauge");
    EXPECT_THAT(tree->plugins("web1").value(), ElementsAre("base", "disk"));
    EXPECT_EQ(tree->plugins("web3").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(series[0].last_update, SampleTime{Seconds{kBegin + 600}});
    const auto load = tree->fetch(series[0].name, last_minutes()).value();
    EXPECT_EQ(load.step, Seconds{60});
    EXPECT_THAT(load.values, ElementsAre(6, 7, 8, 9, 10));
    EXPECT_THAT(tree->fetch(series[2].name, last_minutes())->values, testing::Each(testing::Eq(7)));
    EXPECT_EQ(tree->fetch({"web3", "base", "load-n.gauge"}, last_minutes()).error().code,
              ErrorCode::kNotFound);
    EXPECT_EQ(tree->retention("web1")->rings.size(), 2U);
    EXPECT_EQ(tree->copy(series[1].name)->column.key, "io-read.gauge");
}

TEST_F(RrdTreeTest, GivesStatistics) {
    create("web1/base/load.rrd");
    const auto tree = open();
    const std::vector<SeriesName> names = {{"web1", "base", "load-n.gauge"},
                                           {"web1", "base", "none.gauge"}};
    const StatisticsRequest request{
        .ranges = {{Time{Seconds{kBegin}}, Time{Seconds{kBegin + 600}}}}, .percentile = 50};
    const auto all = tree->statistics(names, request).value();
    ASSERT_EQ(all.size(), 2U);
    ASSERT_TRUE(all[0]);
    const SeriesStatistics& load = all[0]->front();
    EXPECT_EQ(load.known_rows, 10U);
    EXPECT_EQ(load.average, 5.5);
    EXPECT_EQ(load.maximum, 10);
    EXPECT_EQ(load.last, 10);
    EXPECT_EQ(all[1].error().code, ErrorCode::kNotFound);
}

TEST_F(RrdTreeTest, StatisticsAreOfTheRowsThatLieInTheRangeAsAWhole) {
    create("web1/base/load.rrd");
    const auto tree = open();
    const std::vector<SeriesName> names = {{"web1", "base", "load-n.gauge"}};
    const auto between = [](std::int64_t from, std::int64_t to) {
        return StatisticsRange{Time{Seconds{kBegin + from}}, Time{Seconds{kBegin + to}}};
    };
    const auto fine =
        tree->statistics(names, {.ranges = {between(120, 300), between(90, 330), between(61, 119)},
                                 .rows_enough = 3})
            ->front()
            .value();
    EXPECT_EQ(fine[0].rows, 3U) << "not the row behind the end";
    EXPECT_EQ(fine[0].minimum, 3);
    EXPECT_EQ(fine[0].maximum, 5);
    EXPECT_EQ(fine[1].rows, 3U) << "not those that it cuts";
    EXPECT_EQ(fine[1].average, 4);
    EXPECT_EQ(fine[2].rows, 0U);
    const auto coarse =
        tree->statistics(names, {.ranges = {between(0, 600)}, .rows_enough = 2})->front().value();
    EXPECT_EQ(coarse[0].resolution, Seconds{300}) << "the coarsest that has enough of them";
    EXPECT_EQ(coarse[0].rows, 2U);
    EXPECT_EQ(coarse[0].maximum, 10) << "of MAX";
    EXPECT_EQ(coarse[0].minimum, 3) << "of the averages, as it has no MIN";
}

TEST_F(RrdTreeTest, FollowsFilesThatAreUpdatedComeAndGo) {
    create("web1/base/load.rrd");
    const auto tree = open();
    const SeriesName load{"web1", "base", "load-n.gauge"};
    run("update " + (directory_.path() / "web1/base/load.rrd").string() + " " +
        std::to_string(kBegin + 660) + ":11");
    EXPECT_EQ(tree->info(load)->last_update, SampleTime{Seconds{kBegin + 660}});
    EXPECT_EQ(tree->last_update("web1", "base", Time{Seconds{kBegin + 700}}),
              Time{Seconds{kBegin + 660}});
    EXPECT_EQ(tree->last_update("web1", "disk", Time{}), std::nullopt);
    EXPECT_EQ(tree->last_update("web9", "base", Time{}), std::nullopt);
    create("web2/base/load.rrd");
    EXPECT_THAT(tree->hosts(), ElementsAre("web1"));
    ASSERT_TRUE(tree->look_again());
    EXPECT_THAT(tree->hosts(), ElementsAre("web1", "web2"));
    std::filesystem::remove_all(directory_.path() / "web1");
    EXPECT_FALSE(tree->fetch(load, last_minutes()));
    EXPECT_TRUE(tree->series("web1")->empty());
    EXPECT_THAT(tree->plugins("web1").value(), ElementsAre("base")) << "as it was when last looked";
    ASSERT_TRUE(tree->look_again());
    EXPECT_THAT(tree->hosts(), ElementsAre("web2"));
}

TEST_F(RrdTreeTest, APluginsFilesHaveALongestStep) {
    const std::string sources = "DS:n:GAUGE:7200:U:U";
    create("web1/base/load.rrd", sources);
    create("web1/disk/hourly.rrd", sources, "", 3600);
    create("web1/disk/usual.rrd", sources);
    const auto tree = open();
    EXPECT_EQ(tree->longest_step("web1", "base"), Seconds{60});
    EXPECT_EQ(tree->longest_step("web1", "disk"), Seconds{3600});
    EXPECT_EQ(tree->longest_step("web1", "none"), std::nullopt);
    EXPECT_EQ(tree->longest_step("web2", "base"), std::nullopt);
    create("web1/base/load.rrd", sources, "", 300);
    EXPECT_TRUE(tree->info({"web1", "base", "load-n.gauge"}));
    ASSERT_TRUE(tree->look_again());
    EXPECT_EQ(tree->longest_step("web1", "base"), Seconds{300});
    // Who only asks whether the host is silent notices it, too.
    create("web1/base/load.rrd", sources, "", 3600);
    EXPECT_TRUE(tree->last_update("web1", "base", Time{}));
    ASSERT_TRUE(tree->look_again());
    EXPECT_EQ(tree->longest_step("web1", "base"), Seconds{3600});
}

TEST_F(RrdTreeTest, NamesAFileAnewThatWasReplacedByAnother) {
    create("web1/disk/io.rrd", "DS:read:GAUGE:120:U:U DS:write:GAUGE:120:U:U", ":7");
    const auto tree = open();
    create("web1/disk/io.rrd", "DS:write:GAUGE:120:U:U DS:read:GAUGE:120:U:U", ":7");
    EXPECT_THAT(tree->fetch({"web1", "disk", "io-read.gauge"}, last_minutes())->values,
                testing::Each(testing::Eq(7)));
    create("web1/disk/io.rrd", "DS:other:GAUGE:120:U:U DS:write:GAUGE:120:U:U", ":8");
    EXPECT_FALSE(tree->fetch({"web1", "disk", "io-read.gauge"}, last_minutes()));
    ASSERT_TRUE(tree->look_again());
    EXPECT_THAT(tree->fetch({"web1", "disk", "io-other.gauge"}, last_minutes())->values,
                ElementsAre(6, 7, 8, 9, 10));
    EXPECT_EQ(tree->series("web1")->size(), 2U);
}

TEST_F(RrdTreeTest, TellsOfFilesWithTheSameSeries) {
    create("a/web1/base/load.rrd");
    create("b/web1/base/load.rrd");
    const auto tree = open();
    EXPECT_EQ(tree->series("web1")->size(), 1U);
    EXPECT_EQ(tree->passed_over().files, 1U);
    EXPECT_THAT(tree->passed_over().first,
                testing::AllOf(HasSubstr("b/web1/base/load.rrd: "),
                               HasSubstr("a/web1/base/load.rrd is web1/base/load-n.gauge")));
}

TEST_F(RrdTreeTest, PassesOverWhatIsNoneAndWritesNothing) {
    create("web1/base/load.rrd");
    create("web1/base/nameless.rrd");
    std::ofstream(directory_.path() / "web1/base/broken.rrd") << "RRD\0";
    std::filesystem::create_directories(directory_.path() / "web1/base/directory.rrd");
    const auto tree = open();
    EXPECT_EQ(tree->passed_over().files, 2U);
    EXPECT_THAT(tree->passed_over().first,
                testing::AnyOf(HasSubstr("broken.rrd"), HasSubstr("nameless.rrd: has no name")));
    EXPECT_EQ(tree->series("web1")->size(), 1U);
    EXPECT_EQ(tree->append(Batch{.host = "web1", .samples = {}}, Seconds{0}).error().code,
              ErrorCode::kInvalid);
    EXPECT_FALSE(tree->insert("web1", {}));
    EXPECT_EQ(RrdTree::open(directory_.path() / "none", name_of).error().code,
              ErrorCode::kNotFound);
}

}  // namespace
}  // namespace kurabe::store::rrd
