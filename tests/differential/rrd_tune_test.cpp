// `tune` of settings in both programs: equal bytes afterwards, and equal words for what is wrong.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/header.hpp"
#include "tests/differential/rrd_history.hpp"
#include "tests/differential/rrd_schema.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {
namespace {

using testing::HasSubstr;

std::string number(Random& random) {
    static const std::vector<std::string> texts{"-1e3", "0", "-0", "7.25", ".5", "+3", "1e-3", "U"};
    return choose(random, texts);
}

std::string tuned_share(Random& random) {
    return fmt::format("0.{:02}", pick(random, 1, 99));
}

// One setting that fits the schema.
std::string random_setting(const RrdSchema& schema, Random& random) {
    static const std::vector<std::string> types{"GAUGE", "COUNTER", "DERIVE", "ABSOLUTE"};
    const RrdSchema::Source& source = choose(random, schema.sources);
    const bool is_computed = source.type == store::DsType::kCompute;
    switch (pick(random, is_computed ? 5 : 0, 15)) {
        case 0:
            return fmt::format("-h {}:{}", source.name, pick(random, 1, 9999));
        case 1:
            return fmt::format("-i {}:{}", source.name, number(random));
        case 2:
            return fmt::format("--maximum {}:{}", source.name, number(random));
        case 3:
        case 4:
            return fmt::format("-d {}:{}", source.name, choose(random, types));
        case 5:
            return fmt::format("-p {}.5", pick(random, 0, 9));
        case 6:
            return fmt::format("-n {}.5", pick(random, 0, 9));
        case 7:
            return fmt::format("-f {}", pick(random, 1, 28));
        case 8:
            return fmt::format("-w {}", pick(random, 1, 28));
        case 9:
            return fmt::format("-x {}", tuned_share(random));
        case 10:
            return fmt::format("-y {}", tuned_share(random));
        case 11:
            return fmt::format("-z {}", tuned_share(random));
        case 12:
            return fmt::format("-v {}", tuned_share(random));
        case 13:
            return fmt::format("-s {}", one_in(random, 4) ? "1" : tuned_share(random));
        case 14:
            return fmt::format("-S {}", one_in(random, 4) ? "0" : tuned_share(random));
        default:
            return fmt::format("-b {}", source.name);
    }
}

class RrdTune : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    void make(const std::string& definitions) {
        twin_.make_shared("create a.rrd -b 1000000123 " + definitions, "a.rrd");
    }
    void expect_same_tune(const std::string& words) {
        SCOPED_TRACE(words);
        ASSERT_TRUE(twin_.expect_same("tune a.rrd " + words).ok);
        twin_.expect_same_bytes("a.rrd");
    }
    // rrdtool has changed the version before it misses an RRA.
    void expect_same_refusal(const std::string& words) {
        const std::string before = read_file(twin_.ours() / "a.rrd");
        EXPECT_FALSE(twin_.expect_same("tune a.rrd " + words).ok) << words;
        EXPECT_TRUE(read_file(twin_.ours() / "a.rrd") == before) << words;
        twin_.copy_to_theirs("a.rrd");
    }
    // rrdtool keeps a part of what fails.
    void expect_same_step(const std::string& command) {
        SCOPED_TRACE(command);
        const bool is_done = twin_.expect_same(command).ok;
        if (!is_done) twin_.copy_to_theirs("a.rrd");
        twin_.expect_same_bytes("a.rrd");
    }
    std::string refusal_of(const std::string& words) {
        return twin_.refusal("tune a.rrd " + words, "a.rrd");
    }
    std::string info() {
        return twin_.run_theirs("info " + (twin_.ours() / "a.rrd").string()).text;
    }

    RrdTwin twin_;
};

const std::string kTwoSources =
    "DS:a:GAUGE:600:U:U DS:b:COUNTER:600:U:U RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:2:10";
const std::string kFamily = "DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U RRA:HWPREDICT:20:0.1:0.01:5";

TEST_F(RrdTune, RandomSettings) {
    const int files = is_nightly() ? 2000 : 80;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(9000 + i));
        SCOPED_TRACE(fmt::format("seed {}", 9000 + i));
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = i % 4 != 0});
        SCOPED_TRACE(schema.create_command("a.rrd"));
        RrdHistory history(schema, random);
        twin_.make_shared(schema.create_command("a.rrd"), "a.rrd");
        for (int update = 0; update < 10; ++update) {
            (void)twin_.run_theirs("update a.rrd" + history.next());
        }
        twin_.copy_to_ours("a.rrd");
        for (int tuned = 0; tuned < 4 && !HasFailure(); ++tuned) {
            expect_same_step("tune a.rrd " + random_setting(schema, random));
            expect_same_step("update a.rrd" + history.next());
        }
    }
}

TEST_F(RrdTune, SeveralSettingsAtOnce) {
    make(kTwoSources);
    expect_same_tune("-h a:100 -i a:-5 -a a:1e3 -d b:DERIVE -r a:x -h x:5 -h b:010");
    make(kFamily);
    expect_same_tune("-p 3 -n 1.5 -f 3 -w 9 -x 0.5 -y 0.25 -z 0.75 -v 0.875 -s 0.5 -S 0 -b a");
    expect_same_tune(
        "--heartbeat a:100 --minimum a:0 --maximum a:1 --data-source-type a:GAUGE "
        "--data-source-rename a:c --deltapos 1 --deltaneg 1 --failure-threshold 1 "
        "--window-length 1 --alpha 0.1 --beta 0.1 --gamma 0.1 --gamma-deviation 0.1 "
        "--smoothing-window 0.1 --smoothing-window-deviation 0.1 --aberrant-reset b");
}

TEST_F(RrdTune, WrongSettings) {
    make(kTwoSources);
    for (const char* words :
         {"-h a",     "-h a:",    "-h :5",      "-h z:5",     "-h a:x",   "-i a",    "-i a:x",
          "-i z:1",   "-i a:inf", "-a a",       "-a a:x",     "-a z:1",   "-a a:UU", "-d a",
          "-d a:",    "-d a:FOO", "-d z:GAUGE", "-d a:gauge", "-r a",     "-r z:x",  "-r a:",
          "-p x",     "-p 0.05",  "-p 5",       "-n x",       "-n 5",     "-n -1",   "-f 0",
          "-f 29",    "-f x",     "-f 5",       "-w 0",       "-w 29",    "-w 5",    "-x 2",
          "-x x",     "-x 0",     "-x 1",       "-x 0.5",     "-y 0.5",   "-y -1",   "-z 0.5",
          "-z 1",     "-v 0.5",   "-s 0.5",     "-s 1.5",     "-S 0.5",   "-S -0.1", "-Z 5",
          "--foo",    "-b z",     "x",          "DELx",       "RRA#x:+5", "RRA#0:5", "RRA#0",
          "RRA#0:+x", "DELRRA:-1"}) {
        expect_same_refusal(words);
    }
    EXPECT_FALSE(twin_.expect_same("tune -h a:5").ok);
    EXPECT_FALSE(twin_.expect_same("tune nothing.rrd -h a:5").ok);
}

// rrdtool goes on with nonsense: a heartbeat of ten seconds for "10m", of 2^64 - 5 for "-5", limits
// from the digits at the beginning, the value of an empty option from somewhere.
TEST_F(RrdTune, NumbersAreReadWhole) {
    make(kTwoSources);
    EXPECT_TRUE(twin_.run_ours("tune a.rrd -h a:10m -i a:-1e1 -a a:nan").ok);
    EXPECT_THAT(info(), HasSubstr("ds[a].minimal_heartbeat = 600"));
    EXPECT_THAT(info(), HasSubstr("ds[a].min = -1.0000000000e+01"));
    EXPECT_THAT(info(), HasSubstr("ds[a].max = NaN"));
    EXPECT_EQ(refusal_of("-h a:0"), "invalid arguments for heartbeat");
    EXPECT_EQ(refusal_of("-h a:-5"), "invalid arguments for heartbeat");
    EXPECT_EQ(refusal_of("-h a:5x"), "invalid arguments for heartbeat");
    EXPECT_EQ(refusal_of("-i a:1x"), "invalid arguments for minimum ds value");
    EXPECT_EQ(refusal_of("-d a:GAUGEx"), "unknown data acquisition function 'GAUGEx'");
    EXPECT_EQ(refusal_of("-h"), "option requires an argument -- 'h'");
    make(kFamily);
    EXPECT_EQ(refusal_of("-x nan"), "Unable to parse Holt-Winters parameter");
    EXPECT_EQ(refusal_of("-p nan"), "Unable to parse parameter in set_deltaarg");
    EXPECT_EQ(refusal_of("-w 5.5"), "Parameter must be between 1 and 28");
}

// rrdtool renames to anything that fits: to a name that exists, or one that no update can give.
TEST_F(RrdTune, NamesMustBeNewAndUsable) {
    make(kTwoSources);
    EXPECT_EQ(refusal_of("-r a:b"), "Duplicate DS name: b");
    EXPECT_EQ(refusal_of("-r a:c:d"), "'c:d' is no name: 1 to 19 letters, digits, - and _");
    EXPECT_EQ(refusal_of("-r a:a.b"), "'a.b' is no name: 1 to 19 letters, digits, - and _");
    EXPECT_THAT(refusal_of("-r a:abcdefghijklmnopqrst"), HasSubstr("is no name"));
    expect_same_tune("-r a:abcdefghijklmnopqrs");
    expect_same_tune("-r abcdefghijklmnopqrs:a-_Z9");
    expect_same_tune("-r a-_Z9:a-_Z9");
    expect_same_tune("-r a-_Z9:x -r b:a-_Z9 -r x:b");
}

// rrdtool writes over the program of a COMPUTE, or takes a heartbeat for one.
TEST_F(RrdTune, ComputedSourcesHaveNoOtherSettings) {
    make("DS:a:GAUGE:600:U:U DS:c:COMPUTE:a,2,* RRA:AVERAGE:0.5:1:10");
    const std::string reason = "data source 'c' is computed: change its type first";
    EXPECT_EQ(refusal_of("-h c:5"), reason);
    EXPECT_EQ(refusal_of("-i c:5"), reason);
    EXPECT_EQ(refusal_of("-a c:5"), reason);
    EXPECT_EQ(refusal_of("-d a:COMPUTE"), "a data source cannot become a COMPUTE");
    EXPECT_EQ(refusal_of("-d c:GAUGE"), "data source 'c' needs a heartbeat");
    ASSERT_TRUE(twin_.run_ours("tune a.rrd -d c:GAUGE -h c:50 -i c:0 -r c:d").ok);
    EXPECT_THAT(info(), HasSubstr("ds[d].type = \"GAUGE\""));
    EXPECT_THAT(info(), HasSubstr("ds[d].minimal_heartbeat = 50"));
    EXPECT_THAT(info(), HasSubstr("ds[d].min = 0.0000000000e+00"));
    EXPECT_THAT(info(), HasSubstr("ds[d].max = NaN"));
}

// Older programs would read DCOUNTER as something else; rrdtool leaves the version as it is.
TEST_F(RrdTune, TheVersionFollowsWhatIsInTheFile) {
    make(kTwoSources);
    ASSERT_TRUE(twin_.run_ours("tune a.rrd -d b:DCOUNTER").ok);
    EXPECT_THAT(info(), HasSubstr("rrd_version = \"0005\""));
    make(kFamily);
    ASSERT_TRUE(twin_.run_ours("tune a.rrd -d b:DDERIVE").ok);
    EXPECT_THAT(info(), HasSubstr("rrd_version = \"0005\""));
    // What was the default stays so.
    EXPECT_THAT(info(), HasSubstr("rra[1].smoothing_window = 5.0000000000e-02"));
}

TEST_F(RrdTune, OldVersionsStayWhenTheyCan) {
    for (const int version : {1, 2}) {
        make(kTwoSources);
        lower_version(twin_.ours() / "a.rrd", version);
        twin_.copy_to_theirs("a.rrd");
        expect_same_tune("-h a:100 -i a:-5 -d b:DERIVE -r a:x");
        ASSERT_TRUE(twin_.run_ours("tune a.rrd -d b:DCOUNTER").ok);
        EXPECT_THAT(info(), HasSubstr("rrd_version = \"0005\""));
        EXPECT_THAT(info(), HasSubstr("last_update = 1000000123"));
    }
}

// Files from before version 4 may have anything there.
TEST_F(RrdTune, WindowsThatWereIgnoredStay) {
    for (const char* words : {"-h a:100", "-s 0.3", "-S 0.3"}) {
        make(kFamily);
        put_windows(twin_.ours() / "a.rrd", 0.7);
        twin_.copy_to_theirs("a.rrd");
        expect_same_tune(words);
    }
}

// rrdtool keeps the settings before the one that is wrong.
TEST_F(RrdTune, AFailingCommandChangesNothing) {
    make(kTwoSources);
    EXPECT_EQ(refusal_of("-h a:5 -i b:5 -a a:x"), "invalid arguments for maximum ds value");
    EXPECT_EQ(refusal_of("-h a:5 DEL:z"), "unknown data source name 'z'");
}

TEST_F(RrdTune, ListsWhatCanBeTuned) {
    make("DS:a:GAUGE:600:0:U DS:c:COMPUTE:a,2,* RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:6:20");
    const auto answer = twin_.run_ours("tune a.rrd");
    EXPECT_TRUE(answer.ok);
    EXPECT_EQ(answer.text,
              "DS a: GAUGE, heartbeat 600, minimum 0, maximum U\n"
              "DS c: COMPUTE\n"
              "RRA#0: AVERAGE, 1 PDP per row, 10 rows\n"
              "RRA#1: MAX, 6 PDP per row, 20 rows\n");
    twin_.expect_same_bytes("a.rrd");
}

}  // namespace
}  // namespace kurabe::tests
