// rrdtool's commands, one test each for what it prints and says when it fails.
#include <gtest/gtest.h>

#include "tests/differential/rrd_twin.hpp"

namespace kurabe::tests {
namespace {

class RrdCommands : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        twin_.make_shared(
            "create a.rrd -b 1000000000 -s 60 DS:a:GAUGE:600:U:U DS:b:COUNTER:600:0:100 "
            "RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:5:8",
            "a.rrd");
    }
    RrdTwin twin_;
};

TEST_F(RrdCommands, Last) {
    EXPECT_EQ(twin_.expect_same("last a.rrd").text, "1000000000\n");
    for (const char* command : {"last none.rrd", "last a.rrd b.rrd", "last --foo a.rrd", "last -z",
                                "last --daemon", "last -d", "last -- --foo"}) {
        (void)twin_.expect_same(command);
    }
}

}  // namespace
}  // namespace kurabe::tests
