// `create` of both programs: equal files, also when they are filled from others, and equal words
// for what is wrong.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/differential/rrd_history.hpp"
#include "tests/differential/rrd_schema.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class RrdCreate : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    void expect_same_creation(const std::string& words) {
        SCOPED_TRACE(words);
        const auto answer = twin_.expect_same("create a.rrd -b 1000000123 " + words);
        ASSERT_TRUE(answer.ok) << answer.text;
        twin_.expect_same_archive("a.rrd");
    }
    void expect_same_refusal(const std::string& words) {
        const auto answer = twin_.expect_same("create a.rrd -b 1000000123 " + words);
        EXPECT_FALSE(answer.ok) << words;
    }
    // What we refuse, or refuse with other words.
    std::string refusal_of(const std::string& words) {
        const auto answer = twin_.run_ours("create a.rrd -b 1000000123 " + words);
        EXPECT_FALSE(answer.ok) << words;
        return answer.text;
    }

    // rrdtool updates both files; what it makes of them stays the same. Not for the Holt-Winters
    // family, where the row to begin with decides when seasons are smoothed.
    void expect_same_future(const RrdSchema& schema, Random& random) {
        RrdHistory history(schema, random);
        for (int i = 0; i < 5; ++i) {
            const std::string words = history.next();
            (void)twin_.run_theirs("update a.rrd" + words);
            (void)twin_.run_theirs("update " + (twin_.ours() / "a.rrd").string() + words);
            twin_.expect_same_archive("a.rrd");
        }
    }

    RrdTwin twin_;
};

const std::string kSource = "DS:a:GAUGE:600:U:U ";
const std::string kRra = " RRA:AVERAGE:0.5:1:10";

TEST_F(RrdCreate, RandomDefinitions) {
    const int files = is_nightly() ? 2000 : 100;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(100 + i));
        SCOPED_TRACE(fmt::format("seed {}", 100 + i));
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = i % 2 == 0});
        const std::string command = schema.create_command("a.rrd");
        SCOPED_TRACE(command);
        ASSERT_TRUE(twin_.expect_same(command).ok);
        twin_.expect_same_archive("a.rrd");
    }
}

TEST_F(RrdCreate, DataSources) {
    for (const char* source :
         {"DS:a:GAUGE:600:U:U", "DS:a-b_C9:COUNTER:5m:0:U", "DS:a:DERIVE:2h:U:1e6",
          "DS:a:ABSOLUTE:1d:-inf:inf", "DS:a:DCOUNTER:1w:-5.5:.5", "DS:a:DDERIVE:1M:0:1",
          "DS:a:GAUGE:1y:1:2:3", "DS:a:GAUGE:10s:nan:5",
          "DS:a:GAUGE:5mx:U:U:", "DS:abcdefghijklmnopqrs:GAUGE:010:U:U", "DS:a=b:GAUGE:600:U:U",
          "DS:a=b[2]:GAUGE:600:U:U", "DS:a=b[0]:GAUGE:600:U:U", "DS:a:COMPUTE:1,",
          "DS:a:GAUGE:600:U:U DS:b:COMPUTE:a,2,* DS:c:COMPUTE:a,b,+"}) {
        expect_same_creation(std::string(source) + kRra);
    }
}

TEST_F(RrdCreate, WrongDataSources) {
    for (const char* source : {"DS",
                               "DS:",
                               "DS:a",
                               "ds:a:GAUGE:600:U:U",
                               "DS::GAUGE:600:U:U",
                               "DS:a:GAUGE",
                               "DS:a:GAUGE:",
                               "DS:a:GAUGE:600",
                               "DS:a:GAUGE:x",
                               "DS:a:GAUGE:600:U",
                               "DS:a:GAUGE:5:",
                               "DS:a:GAUGE:5::",
                               "DS:a:GAUGE::",
                               "DS:a:GAUGE:600::5",
                               "DS:a:GAUGE:600:0:",
                               "DS:a:GAUGE::U:U",
                               "DS:a:GAUGE:-5:U:U",
                               "DS:a:GAUGE:0:U:U",
                               "DS:a:GAUGE:x:U:U",
                               "DS:a:GAUGE:5x:U:U",
                               "DS:a:GAUGE:1.5:U:U",
                               "DS:a:GAUGE:+10:U:U",
                               "DS:a:GAUGE:0x10:U:U",
                               "DS:a:GAUGE:600:5:5",
                               "DS:a:GAUGE:600:5:4",
                               "DS:a:GAUGE:600:inf:inf",
                               "DS:a:GAUGE:600:-0:0",
                               "DS:a:GAUGE:600:u:U",
                               "DS:a:GAUGE:600:UU:U",
                               "DS:a:GAUGE:600:U:Ux",
                               "DS:a:GAUGE:600:0x10:U",
                               "DS:a:GAUGE:600:1foo:2",
                               "DS:a:GAUGE:600:2:foo",
                               "DS:a:FOO:600:U:U",
                               "DS:a:FOO:x",
                               "DS:a:gauge:600:U:U",
                               "DS:a:GA1GE:600:U:U",
                               "DS:a:GAUGEX:600:U:U",
                               "DS:abcdefghijklmnopqrst:GAUGE:600:U:U",
                               "DS:a.b:GAUGE:600:U:U",
                               "DS:a=:GAUGE:600:U:U",
                               "DS:a=b[:GAUGE:600:U:U",
                               "DS:a=b[]:GAUGE:600:U:U",
                               "DS:a=b[-1]:GAUGE:600:U:U",
                               "DS:a=b[x]:GAUGE:600:U:U",
                               "DS:a=b[1]x:GAUGE:600:U:U",
                               "DS:a=abcdefghijklmnopqrst:GAUGE:600:U:U",
                               "DS:a:COMPUTE:",
                               "DS:a:COMPUTE",
                               "DS:a:COMPUTE:a",
                               "DS:a:COMPUTE:x",
                               "DS:a:COMPUTE:TIME",
                               "DS:a:COMPUTE:1.5,",
                               "DS:a:GAUGE:600:U:U DS:a:COUNTER:600:U:U",
                               "DS:a:GAUGE:600:U:U DS:a:FOO:600:U:U",
                               "DS:a:GAUGE:600:U:U DS:a:GAUGE:x:U:U"}) {
        expect_same_refusal(std::string(source) + kRra);
    }
}

TEST_F(RrdCreate, RoundRobinArchives) {
    for (const char* rra :
         {"RRA:AVERAGE:0.5:1:10", "RRA:MIN:0:5m:010", "RRA:MAX:.99:1h:1d", "RRA:LAST:5e-1:1h:18Mzz",
          "RRA:AVERAGE:-0:1:10:", "RRA:AVERAGEx:0.5:1:10", "RRA:HWPREDICT:20:0.1:0:20",
          "RRA:HWPREDICT:1h:0.1:1:10", "RRA:MHWPREDICT:20:0.1:0.0035:10:",
          "RRA:HWPREDICT:20:0.1:0.1:10:2 RRA:SEASONAL:10:0.1:1", "RRA:SEASONAL:1h:0.1:1",
          "RRA:SEASONAL:10:0.1:1:smoothing-window=0", "RRA:SEASONAL:10:.2:1:smoothing-window=0.05",
          "RRA:DEVSEASONAL:10:0.1:1:smoothing-window=1 RRA:DEVPREDICT:10:1",
          "RRA:FAILURES:2h:28:28:1", "RRA:FAILURES:10:7x:9x:1x"}) {
        expect_same_creation(kSource + rra);
    }
}

TEST_F(RrdCreate, WrongRoundRobinArchives) {
    for (const char* rra : {"RRA",
                            "RRA:",
                            "RRA:AVERAGE",
                            "RRA:AVERAGE:0.5",
                            "RRA:AVERAGE:0.5:1",
                            "RRA:AVERAGE:0.5:1:",
                            "RRA:AVERAGE:0.5:1:10:11",
                            "RRA:AVERAGE::1:10",
                            "RRA:AVERAGE:0.5::10",
                            "RRA::0.5:1:10",
                            "RRA:FOO:0.5:1:10",
                            "RRA:FOO",
                            "RRA:average:0.5:1:10",
                            "RRA:AVERAGEAVERAGEAVERAGE:0.5:1:10",
                            "RRA:AVERAGE:1:1:10",
                            "RRA:AVERAGE:-0.1:1:10",
                            "RRA:AVERAGE:x:1:10",
                            "RRA:AVERAGE:0.5x:1:10",
                            "RRA:AVERAGE:0.5:0:10",
                            "RRA:AVERAGE:0.5:-1:10",
                            "RRA:AVERAGE:0.5:1x:10",
                            "RRA:AVERAGE:0.5:1m:10",
                            "RRA:AVERAGE:0.5:301s:10",
                            "RRA:AVERAGE:0.5:1:0",
                            "RRA:AVERAGE:0.5:1:x",
                            "RRA:AVERAGE:0.5:1h:90m",
                            "RRA:HWPREDICT",
                            "RRA:HWPREDICT:20:0.1:0.1",
                            "RRA:HWPREDICT:0:0.1:0.1:10",
                            "RRA:HWPREDICT:7m:0.1:0.1:10",
                            "RRA:HWPREDICT:20:0:0.1:10",
                            "RRA:HWPREDICT:20:1:0.1:10",
                            "RRA:HWPREDICT:20:x:0.1:10",
                            "RRA:HWPREDICT:20:0.1:1.1:10",
                            "RRA:HWPREDICT:20:0.1:-1:10",
                            "RRA:HWPREDICT:20:0.1:0.1:21",
                            "RRA:SEASONAL:10:0.1",
                            "RRA:SEASONAL:0:0.1:1",
                            "RRA:SEASONAL:10:0:1",
                            "RRA:SEASONAL:10:1:1",
                            "RRA:SEASONAL:10:0.1:1:0.5",
                            "RRA:SEASONAL:10:0.1:1:foo=0.5",
                            "RRA:SEASONAL:10:0.1:1:smoothing-window=1.1",
                            "RRA:SEASONAL:10:0.1:1:smoothing-window=x",
                            "RRA:DEVPREDICT",
                            "RRA:DEVPREDICT:10",
                            "RRA:DEVPREDICT:10:1:1",
                            "RRA:DEVPREDICT:0:1",
                            "RRA:FAILURES:10:7:9",
                            "RRA:FAILURES:10:0:9:1",
                            "RRA:FAILURES:10:-1:9:1",
                            "RRA:FAILURES:10:29:9:1",
                            "RRA:FAILURES:10:7:6:1",
                            "RRA:FAILURES:10:7:29:1",
                            "RRA:FAILURES:10:7:x:1",
                            "RRA:FAILURES:10:7:-1:1"}) {
        expect_same_refusal(kSource + rra);
    }
}

// What rrdtool takes, and what then no program can use or one would not expect.
TEST_F(RrdCreate, RefusesWhatMakesNoFile) {
    for (const char* rra : {"RRA:HWPREDICT:20:0.1:0.1:10:0", "RRA:SEASONAL:10:0.1:x",
                            "RRA:DEVPREDICT:10:-1", "RRA:FAILURES:10:7:9:0"}) {
        EXPECT_THAT(refusal_of(kSource + rra), StartsWith("Invalid RRA number"));
    }
    EXPECT_EQ(refusal_of(kSource + "RRA:HWPREDICT:20:0.1:0.1:10:2"),
              "RRA 0 depends on an RRA that is not there");
    EXPECT_EQ(refusal_of(kSource + "RRA:HWPREDICT:20:0.1:0.1:0"),
              "Invalid seasonal period 0: value must be positive");
    EXPECT_EQ(refusal_of(kSource + "RRA:HWPREDICT:20:0.1:0.1:10:1:2"),
              "Unexpected extra argument for consolidation function HWPREDICT");
    EXPECT_EQ(refusal_of(kSource + "RRA:FAILURES:10:7:9:1:2"),
              "Unexpected extra argument for consolidation function FAILURES");
    EXPECT_EQ(refusal_of(kSource + "RRA:DEVSEASONAL:10:0.1"),
              "Expected at least 4 arguments for RRA but got 3");
    EXPECT_EQ(refusal_of(kSource + "RRA:AVERAGE:nan:1:10"), "Invalid xff: must be between 0 and 1");
    EXPECT_EQ(refusal_of(kSource + "RRA:SEASONAL:10:0.1:1:smoothing-window="),
              "Invalid option smoothing-window=");
    EXPECT_EQ(refusal_of(kSource + "RRA:AVERAGE:0.5:1:9999999999999"),
              "RRA 0 covers more time than there is");
    EXPECT_EQ(refusal_of(kSource + "RRA:AVERAGE:0.5:99999999999:1"),
              "Invalid step 99999999999: a row covers more time than there is");
    EXPECT_EQ(refusal_of(kSource + "RRA:AVERAGE:0.5:1:99999999999999999999"),
              "Invalid row count 99999999999999999999: value is too large");
    EXPECT_EQ(refusal_of(kSource + "-s 99999999999999999999"), "step size: value is too large");
    EXPECT_EQ(refusal_of(kSource + kRra + " -b 9999999999999"),
              "start time: no row can be that late");
    EXPECT_EQ(refusal_of("DS:a:GAUGE:99999999999999999999:U:U" + kRra),
              "failed to parse data source 99999999999999999999:U:U: value is too large");
    EXPECT_FALSE(std::filesystem::exists(twin_.ours() / "a.rrd"));
}

TEST_F(RrdCreate, ReadsTheSeasonalPeriodAsADuration) {
    ASSERT_TRUE(
        twin_
            .run_ours("create a.rrd -b 1000000123 -s 60 " + kSource + "RRA:HWPREDICT:1d:0.1:0.1:1h")
            .ok);
    ASSERT_TRUE(twin_
                    .run_theirs("create a.rrd -b 1000000123 -s 60 " + kSource +
                                "RRA:HWPREDICT:1d:0.1:0.1:60")
                    .ok);
    twin_.expect_same_archive("a.rrd");
}

// rrdtool cuts the text of a maximum after 18 characters.
TEST_F(RrdCreate, ReadsWholeLimits) {
    ASSERT_TRUE(
        twin_.run_ours("create a.rrd -b 1000000123 DS:a:GAUGE:600:0:10000000000000000000" + kRra)
            .ok);
    ASSERT_TRUE(twin_.run_theirs("create a.rrd -b 1000000123 DS:a:GAUGE:600:0:1e19" + kRra).ok);
    twin_.expect_same_archive("a.rrd");
}

TEST_F(RrdCreate, Options) {
    const std::string definitions = kSource + kRra;
    for (const std::string_view options :
         {"-b 1000000000", "--start=1000000000 --step=30s", "-b 20240101 -s 1h",
          "-b 315532800 -s 5mx", "-b 99999999999", "-b 1000000000 -d \"\" -O"}) {
        std::filesystem::remove(twin_.ours() / "a.rrd");
        std::filesystem::remove(twin_.theirs() / "a.rrd");
        ASSERT_TRUE(twin_.expect_same(fmt::format("create a.rrd {} {}", options, definitions)).ok);
        twin_.expect_same_archive("a.rrd");
    }
    for (const std::string_view options : {"-O",
                                           "-s 0",
                                           "-s -1",
                                           "-s x",
                                           "-s 5x",
                                           "-s 1.5",
                                           "-s \"\"",
                                           "-b foo",
                                           "-b \"\"",
                                           "-b 100",
                                           "-b 19790101",
                                           "-b end",
                                           "foo",
                                           "-x",
                                           "--foo",
                                           "--no-overwrite=1",
                                           "-- -x",
                                           "-r none.rrd",
                                           "-r \"\"",
                                           "-r /",
                                           "-t a.rrd -t a.rrd",
                                           "-s 0 -r none.rrd",
                                           "-r none.rrd -s 0"}) {
        EXPECT_FALSE(twin_.expect_same(fmt::format("create a.rrd {} {}", options, definitions)).ok);
    }
    for (const std::string& command :
         {std::string("create a.rrd"), "create a.rrd " + kSource, "create a.rrd" + kRra,
          std::string("create -s 60"), std::string("create --")}) {
        EXPECT_FALSE(twin_.expect_same(command).ok) << command;
    }
}

TEST_F(RrdCreate, SaysMoreWhereAFileIsMissing) {
    const std::string definitions = kSource + kRra;
    const auto text = [&](const std::string& words) {
        const auto theirs = twin_.run_theirs("create " + words + " " + definitions);
        const auto ours = twin_.run_ours("create " + words + " " + definitions);
        EXPECT_FALSE(ours.ok || theirs.ok) << words;
        return ours.text;
    };
    EXPECT_EQ(text("a.rrd -t none.rrd"),
              "Cannot open template RRD none.rrd: opening 'none.rrd': No such file or directory");
    EXPECT_THAT(text("a.rrd -t /"), HasSubstr("Is a directory"));
    EXPECT_THAT(text("a.rrd -r /etc/passwd"),
                StartsWith("Cannot open source RRD /etc/passwd: '/etc/passwd' is not an RRD file"));
    EXPECT_EQ(text("none/a.rrd"), "creating 'none/a.rrd': No such file or directory");
    std::filesystem::create_directory(twin_.ours() / "dir");
    std::filesystem::create_directory(twin_.theirs() / "dir");
    EXPECT_EQ(text("dir"), "creating 'dir': Is a directory");
}

TEST_F(RrdCreate, TakesDefinitionsFromATemplate) {
    const int files = is_nightly() ? 300 : 30;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(300 + i));
        SCOPED_TRACE(fmt::format("seed {}", 300 + i));
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = i % 3 == 0});
        twin_.make_shared(schema.create_command("t.rrd"), "t.rrd");
        for (const char* words :
             {"", " DS:x:GAUGE:5m:U:U RRA:MAX:0.5:2:7", " -b 1100000000 -s 20"}) {
            // rrdtool forgets the version that a template's definitions need; this type needs the
            // newest.
            const auto answer = twin_.expect_same(
                fmt::format("create a.rrd -t t.rrd{} DS:y:DCOUNTER:1h:U:U", words));
            ASSERT_TRUE(answer.ok) << answer.text;
            twin_.expect_same_archive("a.rrd");
        }
    }
}

TEST_F(RrdCreate, RaisesTheVersionForATemplatesTypes) {
    twin_.make_shared("create t.rrd -b 1000000000 DS:a:DCOUNTER:600:U:U" + kRra, "t.rrd");
    ASSERT_TRUE(twin_.run_ours("create a.rrd -t t.rrd").ok);
    EXPECT_THAT(twin_.run_theirs("info " + (twin_.ours() / "a.rrd").string()).text,
                HasSubstr("rrd_version = \"0005\""));
}

TEST_F(RrdCreate, IgnoredWindowsOfATemplateRaiseNoVersion) {
    twin_.make_shared("create t.rrd -b 1000000000 " + kSource + "RRA:HWPREDICT:20:0.1:0.01:5",
                      "t.rrd");
    put_windows(twin_.theirs() / "t.rrd", 0.7);
    twin_.copy_to_ours("t.rrd");
    ASSERT_TRUE(twin_.expect_same("create a.rrd -t t.rrd").ok);
    twin_.expect_same_archive("a.rrd");
}

TEST_F(RrdCreate, WritesToStandardOutput) {
    const std::string words = " -b 1000000000 " + kSource + kRra;
    const auto answer = twin_.run_ours("create -" + words);
    ASSERT_TRUE(answer.ok) << answer.text;
    ASSERT_TRUE(twin_.run_ours("create ./-" + words).ok);
    EXPECT_EQ(answer.text.substr(0, 500), read_file(twin_.ours() / "-").substr(0, 500));
    EXPECT_EQ(answer.text.size(), read_file(twin_.ours() / "-").size());
}

// Pieces of one second, which rrdtool counts twice or not at all, do not occur with these steps.
class RrdPrefill : public RrdCreate {
  protected:
    static RrdSchema::Options options(int i) {
        return {.holt_winters = i % 5 == 0, .computed = i % 4 == 0, .steps = {10, 20, 60, 300}};
    }
    // Makes s0.rrd, s1.rrd, ... with histories; returns their "-r" options.
    std::string make_files(Random& random, int i, std::int64_t count) {
        std::string words;
        for (std::int64_t file = 0; file < count; ++file) {
            const std::string name = fmt::format("s{}.rrd", file);
            const RrdSchema schema = RrdSchema::make(random, options(i));
            EXPECT_TRUE(twin_.run_theirs(schema.create_command(name)).ok);
            RrdHistory history(schema, random);
            const std::int64_t updates = pick(random, 0, 20);
            for (std::int64_t update = 0; update < updates; ++update) {
                (void)twin_.run_theirs("update " + name + history.next());
            }
            twin_.copy_to_ours(name);
            words += " -r " + name;
        }
        return words;
    }
};

TEST_F(RrdPrefill, RandomFiles) {
    const int files = is_nightly() ? 3000 : 120;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(20'000 + i));
        SCOPED_TRACE(fmt::format("seed {}", 20'000 + i));
        const std::string sources = make_files(random, i, pick(random, 1, 3));
        const RrdSchema schema = RrdSchema::make(random, options(i));
        const std::string start =
            one_in(random, 3) ? fmt::format(" -b {}", schema.begin + pick(random, 0, 5000)) : "";
        const std::string command = fmt::format("create a.rrd -s {}{}{} {}", schema.step, start,
                                                sources, fmt::join(schema.definitions, " "));
        SCOPED_TRACE(command);
        ASSERT_TRUE(twin_.expect_same(command).ok);
        twin_.expect_same_archive("a.rrd");
        if (!HasFailure() && !options(i).holt_winters) expect_same_future(schema, random);
    }
}

// rrdtool drops seconds, or takes them twice, where a row gets single ones.
TEST_F(RrdPrefill, CountsEverySecondOnce) {
    twin_.make_shared("create s.rrd -b 1000000000 -s 1 DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:20",
                      "s.rrd");
    std::string update = "update s.rrd";
    for (int i = 1; i <= 12; ++i) update += fmt::format(" {}:{}", 1'000'000'000 + i, i);
    ASSERT_TRUE(twin_.run_ours(update).ok);
    ASSERT_TRUE(
        twin_.run_ours("create a.rrd -s 1 -r s.rrd DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:4:3").ok);
    EXPECT_THAT(twin_
                    .run_theirs("fetch " + (twin_.ours() / "a.rrd").string() +
                                " AVERAGE -s 1000000000 -e 1000000011")
                    .text,
                HasSubstr("1000000004: 2.5000000000e+00\n1000000008: 6.5000000000e+00\n1000000012: "
                          "1.0500000000e+01\n"));
}

TEST_F(RrdPrefill, ReplacesItsOwnSource) {
    twin_.make_shared("create a.rrd -b 1000000000 -s 60 DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:20",
                      "a.rrd");
    for (int i = 1; i <= 15; ++i) {
        const std::string update = fmt::format("update a.rrd {}:{}", 1'000'000'000 + i * 57, i * i);
        ASSERT_TRUE(twin_.run_theirs(update).ok);
    }
    twin_.copy_to_ours("a.rrd");
    ASSERT_TRUE(twin_.expect_same("create a.rrd -t a.rrd -r a.rrd RRA:MAX:0.5:3:7").ok);
    twin_.expect_same_archive("a.rrd");
}

}  // namespace
}  // namespace kurabe::tests
