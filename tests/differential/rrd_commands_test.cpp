// rrdtool's commands, one test each for what it prints and says when it fails.
#include <ctime>

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
    void expect_same(std::initializer_list<const char*> commands) {
        for (const char* command : commands) (void)twin_.expect_same(command);
    }

    RrdTwin twin_;
};

TEST_F(RrdCommands, Last) {
    EXPECT_EQ(twin_.expect_same("last a.rrd").text, "1000000000\n");
    expect_same({"last none.rrd", "last a.rrd b.rrd", "last --foo a.rrd", "last -z",
                 "last --daemon", "last -d", "last -- --foo"});
}

// Files of every type of DS and every CF, of every version that rrdtool makes, before and after
// updates.
class RrdFiles : public RrdCommands {
  protected:
    void SetUp() override {
        RrdCommands::SetUp();
        if (IsSkipped()) return;
        twin_.make_shared(
            "create all.rrd -b 1000000000 -s 60 DS:g:GAUGE:600:U:U DS:c:COUNTER:600:0:100 "
            "DS:d:DERIVE:600:-5:U DS:ab:ABSOLUTE:600:0:1e300 DS:dc:DCOUNTER:600:U:U "
            "DS:dd:DDERIVE:600:U:U DS:x:COMPUTE:g,c,+,2,* RRA:AVERAGE:0.5:1:10 RRA:MIN:0.5:5:8 "
            "RRA:MAX:0.25:5:8 RRA:MHWPREDICT:20:0.1:0.0035:5 RRA:LAST:0:2:3 RRA:FAILURES:10:3:5:6",
            "all.rrd");
        twin_.make_shared(
            "create hw.rrd -b 1000000000 -s 300 DS:g:GAUGE:600:U:U RRA:AVERAGE:0.5:1:40 "
            "RRA:HWPREDICT:20:0.1:0.0035:5",
            "hw.rrd");
        twin_.make_shared(
            "create smooth.rrd -b 1000000000 -s 300 DS:g:GAUGE:600:U:U "
            "RRA:HWPREDICT:20:0.1:0.0035:5:2 RRA:SEASONAL:5:0.3:1:smoothing-window=0.2",
            "smooth.rrd");
        for (const char* command :
             {"update all.rrd 1000000010:1:2:3:4:5:6 1000000300:1:2:3:4:5:6 1000000350:U:U:9:1:U:7",
              "update hw.rrd 1000000300:1 1000000600:2 1000000900:1.5 1000001200:7 1000001500:-3 "
              "1000001800:1 1000002100:2 1000002400:2 1000002700:90 1000003000:1",
              "update smooth.rrd 1000000300:1 1000000600:2"}) {
            ASSERT_TRUE(twin_.run_theirs(command).ok) << command;
        }
        for (const char* file : kFiles) twin_.copy_to_ours(file);
    }

    static constexpr const char* kFiles[] = {"a.rrd", "all.rrd", "hw.rrd", "smooth.rrd"};
};

TEST_F(RrdFiles, Info) {
    for (const std::string file : kFiles) {
        EXPECT_TRUE(twin_.expect_same("info " + file).ok);
        EXPECT_TRUE(twin_.expect_same("info -F --daemon= ./" + file).ok);
    }
    expect_same({"info none.rrd", "info a.rrd all.rrd", "info -z", "info -d", "info --daemon",
                 "info --noflush=1 a.rrd", "info --nofl a.rrd", "info --"});
}

TEST_F(RrdFiles, First) {
    for (const std::string file : kFiles) {
        for (const char* index : {"", " --rraindex 1", " --rraindex=4", " --rraindex 9"}) {
            (void)twin_.expect_same("first " + file + index);
        }
    }
    expect_same({"first none.rrd", "first a.rrd none.rrd", "first --rraindex -1 a.rrd",
                 "first --rraindex 99999999999999999999 a.rrd", "first --rraindex", "first -z"});
}

TEST_F(RrdFiles, Lastupdate) {
    for (const std::string file : kFiles) {
        EXPECT_TRUE(twin_.expect_same("lastupdate " + file).ok);
        EXPECT_TRUE(twin_.expect_same("last " + file).ok);
    }
    expect_same(
        {"lastupdate none.rrd", "lastupdate a.rrd a.rrd", "lastupdate -z", "lastupdate --"});
}

TEST_F(RrdFiles, Fetch) {
    const std::vector<std::string> ranges = {
        "-s 1000000000 -e 1000000300",      "-s 999999000 -e 1000000400 -r 300",
        "-s 1000000000 -e 1000000000",      "-s 1000000007 -e 1000000901 -a -r 300",
        "-s 1000000007 -e 1000003001 -a",   "-s 1000000007 -e 1000003601 -a -r 1h",
        "-a -r 1h -s end-1d -e 20010909",   "--start 1000000001 --end 1000002999 --resolution 2hx",
        "-s 20010908 -e 20010910 -r 5y -a", "-r 100000y -a -s 20000101 -e 20000201",
        "-s 4000000000 -e 4000000300",
    };
    for (const std::string file : kFiles) {
        for (const char* cf : {"AVERAGE", "MIN", "MAX", "LAST", "HWPREDICT", "MHWPREDICT",
                               "SEASONAL", "DEVSEASONAL", "DEVPREDICT", "FAILURES"}) {
            for (const std::string& range : ranges) {
                (void)twin_.expect_same("fetch " + file + " " + cf + " " + range);
            }
        }
    }
}

// Rows begin with whole minutes: both sides must run within one.
TEST_F(RrdFiles, FetchOfTheLastDayIsTheDefault) {
    for (const char* command : {"fetch a.rrd AVERAGE", "fetch a.rrd AVERAGE -e -1h -s end-2h"}) {
        RrdTwin::Answer ours;
        RrdTwin::Answer theirs;
        std::time_t begin = 0;
        do {
            begin = std::time(nullptr) / 60;
            ours = twin_.run_ours(command);
            theirs = twin_.run_theirs(command);
        } while (std::time(nullptr) / 60 != begin);
        EXPECT_TRUE(ours.ok);
        EXPECT_EQ(ours.text, theirs.text);
    }
}

// rrdtool asks for as much memory as that takes.
TEST_F(RrdFiles, AFetchHasALimit) {
    const auto answer = twin_.run_ours("fetch a.rrd AVERAGE -s 19800301 -e 32000000000");
    EXPECT_FALSE(answer.ok);
    EXPECT_NE(answer.text.find("at most 64000000 values"), std::string::npos) << answer.text;
    EXPECT_EQ(twin_.run_ours("fetch a.rrd AVERAGE -s 40000000000 -e 40000000060").text,
              "start and end must be in the years 1970 to 2999");
}

TEST_F(RrdFiles, FetchSaysWhatIsWrong) {
    expect_same({
        "fetch a.rrd",
        "fetch a.rrd FOO",
        "fetch a.rrd average",
        "fetch none.rrd AVERAGE",
        "fetch none.rrd FOO",
        "fetch a.rrd HWPREDICT",
        "fetch a.rrd AVERAGE -r x",
        "fetch a.rrd AVERAGE -r 0",
        "fetch a.rrd AVERAGE -r -1",
        "fetch a.rrd AVERAGE -r 1.5",
        "fetch a.rrd AVERAGE --resolution=",
        "fetch a.rrd AVERAGE -r",
        "fetch a.rrd AVERAGE --resolution",
        "fetch a.rrd AVERAGE -s foo",
        "fetch a.rrd AVERAGE -e foo",
        "fetch a.rrd AVERAGE -s 100",
        "fetch a.rrd AVERAGE -s start-1h",
        "fetch a.rrd AVERAGE -s end-1h -e start+1h",
        "fetch a.rrd AVERAGE -s 19750101",
        "fetch a.rrd AVERAGE -s 19750101 -e 19740101",
        "fetch a.rrd AVERAGE -s 19800101 -e 19760101",
        "fetch a.rrd AVERAGE -s 1000000001 -e 1000000000",
        "fetch a.rrd FOO -s 1000000001 -e 1000000000",
        "fetch -s foo",
        "fetch -r x -s foo a.rrd b",
        "fetch a.rrd -z",
        "fetch a.rrd AVERAGE --align-start=1",
    });
}

TEST_F(RrdFiles, ListInTheDirectorysOrder) {
    for (const auto& side : {twin_.ours(), twin_.theirs()}) {
        for (const char* directory : {"d/sub/deep", "d/.hidden", "d/empty", "d/named.rrd"}) {
            std::filesystem::create_directories(side / directory);
        }
    }
    for (const char* file : {"d/a.rrd", "d/sub/b.rrd", "d/sub/deep/c.rrd", "d/.hidden/h.rrd",
                             "d/.rrd", "d/none", "d/x.RRD", "d/x.rrd.bak", "d/named.rrd/x.rrd"}) {
        std::filesystem::copy_file(twin_.theirs() / "a.rrd", twin_.theirs() / file);
        twin_.copy_to_ours(file);
    }
    for (const auto& side : {twin_.ours(), twin_.theirs()}) {
        std::filesystem::create_symlink("a.rrd", side / "d/link.rrd");
        std::filesystem::create_symlink("nothing", side / "d/broken.rrd");
        std::filesystem::create_directory_symlink("sub", side / "d/linked");
    }
    // The order of names in a directory differs between directories: compared without it, and by
    // links to one directory with it.
    std::filesystem::remove_all(twin_.ours() / "d");
    std::filesystem::create_directory_symlink(twin_.theirs() / "d", twin_.ours() / "d");
    expect_same({"list d", "list -r d", "list --recursive d/", "list ./d -F",
                 "list --noflush d/sub", "list d/a.rrd", "list -r d/a.rrd", "list d/link.rrd",
                 "list d/linked", "list d/sub d", "list -z", "list -r"});
}

// Where rrdtool prints a bare text on standard error and succeeds, does not end, or refuses.
TEST_F(RrdFiles, ListWhereRrdtoolIsOfNoUse) {
    std::filesystem::create_directories(twin_.ours() / "d/named.rrd");
    std::filesystem::create_directories(twin_.ours() / "d/empty");
    std::filesystem::create_directory_symlink("..", twin_.ours() / "d/empty/up");
    twin_.copy_to_ours("a.rrd");
    std::filesystem::copy_file("a.rrd", "d/named.rrd/x.rrd");
    EXPECT_EQ(twin_.run_ours("list none").text, "opening 'none': No such file or directory");
    EXPECT_FALSE(twin_.run_ours("list none").ok);
    EXPECT_EQ(twin_.run_ours("list /dev/null").text, "opening '/dev/null': Not a directory");
    EXPECT_EQ(twin_.run_ours("list a.rrd").text, "a.rrd\n");
    EXPECT_EQ(twin_.run_ours("list d/named.rrd").text, "x.rrd\n");
    std::filesystem::create_directory("bare");
    EXPECT_TRUE(twin_.run_ours("list bare").ok);
    EXPECT_EQ(twin_.run_ours("list bare").text, "");
    EXPECT_EQ(twin_.run_ours("list -r d/empty").text, "up/named.rrd/x.rrd\n");
    EXPECT_EQ(twin_.run_ours("list -r d").text, "named.rrd/x.rrd\n");
    EXPECT_EQ(twin_.run_ours("list d/empty/../named.rrd").text, "x.rrd\n");
}

}  // namespace
}  // namespace kurabe::tests
