// Series out of .rrd files that change between the DEFs of one graph.
#include "render/rrd_series.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::render {
namespace {

class RrdSeriesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        rrdtool("create " + path_ +
                " -b 1000000000 -s 10 DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U RRA:LAST:0.5:1:10");
        rrdtool("update " + path_ + " 1000000010:1:2");
    }
    void rrdtool(const std::string& command) {
        const auto answer = rrdtool_.run(command);
        ASSERT_TRUE(answer.ok) << answer.text;
    }
    [[nodiscard]] Result<store::FetchedSeries> fetch(const std::string& ds) const {
        return series_.fetch({.series = path_, .ds = ds},
                             {.cf = store::RraCf::kLast,
                              .start = store::Time{store::Seconds{1'000'000'000}},
                              .end = store::Time{store::Seconds{1'000'000'009}},
                              .resolution = store::Seconds{10}});
    }

    tests::TemporaryDirectory directory_;
    const std::string path_ = (directory_.path() / "a.rrd").string();
    tests::RrdtoolProcess rrdtool_;
    RrdSeries series_;
};

TEST_F(RrdSeriesTest, DataSourcesAreFoundAfterTheyMoved) {
    EXPECT_THAT(fetch("a").value().values, ::testing::ElementsAre(1));
    EXPECT_THAT(fetch("b").value().values, ::testing::ElementsAre(2));
    rrdtool("tune " + path_ + " DEL:a DS:c:GAUGE:600:U:U");
    EXPECT_THAT(fetch("b").value().values, ::testing::ElementsAre(2));
    EXPECT_EQ(fetch("a").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace kurabe::render
