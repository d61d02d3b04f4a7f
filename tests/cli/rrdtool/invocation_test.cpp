// What argv[0] says about the manner of the program.
#include "cli/rrdtool/invocation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::cli::rrdtool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Invocation read(std::vector<const char*> argv) {
    return read_invocation(argv);
}

TEST(Invocation, ByTheNameRrdtoolItIsRrdtool) {
    for (const char* name : {"rrdtool", "/usr/bin/rrdtool", "./rrdtool", "../x.d/rrdtool"}) {
        const auto invocation = read({name, "last", "a.rrd"});
        EXPECT_EQ(invocation.called_as, CalledAs::kRrdtool) << name;
        EXPECT_FALSE(invocation.is_one_command);
        EXPECT_THAT(invocation.words, ElementsAre("last", "a.rrd"));
    }
}

TEST(Invocation, NamesOfSingleCommandsStandForThem) {
    const auto update = read({"/usr/bin/rrdupdate", "a.rrd", "N:1"});
    EXPECT_EQ(update.called_as, CalledAs::kRrdtool);
    EXPECT_TRUE(update.is_one_command);
    EXPECT_THAT(update.words, ElementsAre("update", "a.rrd", "N:1"));
    EXPECT_THAT(read({"rrdinfo"}).words, ElementsAre("info"));
    EXPECT_THAT(read({"rrdcreate", "x"}).words, ElementsAre("create", "x"));
}

TEST(Invocation, ByAnyOtherNameItIsKurabe) {
    for (const char* name : {"kurabe", "kurabe-full", "rrd", "rrdcgi", "rrdtool/kurabe", ""}) {
        const auto invocation = read({name, "last"});
        EXPECT_EQ(invocation.called_as, CalledAs::kKurabe) << name;
        EXPECT_THAT(invocation.words, ElementsAre("last"));
    }
    EXPECT_THAT(read({}).words, IsEmpty());
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
