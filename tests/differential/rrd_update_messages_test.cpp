// What update and updatev say and refuse, beside rrdtool; and where they deliberately differ.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/archive.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kCreate =
    "create a.rrd -b 1000000020 -s 60 DS:a:GAUGE:600:U:U DS:b:COUNTER:600:U:U DS:c:COMPUTE:a,b,+ "
    "DS:d:DERIVE:600:U:U DS:e:DCOUNTER:600:U:U RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:3:10";

class RrdUpdateMessages : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        twin_.make_shared(kCreate, "a.rrd");
    }

    // Both sides from an unused file on; `words` follow the file's name.
    void expect_same(const std::string& words) {
        SCOPED_TRACE(words);
        for (const char* verb : {"update", "updatev"}) {
            twin_.make_shared(kCreate, "a.rrd");
            const auto answer = twin_.expect_same(fmt::format("{} a.rrd {}", verb, words));
            if (answer.ok) twin_.expect_same_bytes("a.rrd");
        }
    }

    RrdTwin twin_;
};

TEST_F(RrdUpdateMessages, Shapes) {
    for (const char* words :
         {"", "1000000080", "1000000080:", "1000000080:1", "1000000080:1:2:3:4",
          "1000000080:1:2:3:4:5", "1000000080:1:2:3:4:", "1000000080:1:2:3:", "1000000080::2:3:4",
          ":1:2:3:4", ":", "\"\"", "@", "now@", "now@1:2", "@1:2:3:4", "1000000080:1:2:3:4@", "N",
          "1000000080:1:2:3:4 1000000140:5:6:7:8 1000000139:1:1:1:1 1000000200:1:1:1:1"}) {
        expect_same(words);
    }
}

TEST_F(RrdUpdateMessages, Times) {
    for (const char* time : {"abc:",
                             "1000000080x:",
                             "n:",
                             "NN:",
                             "N1:",
                             "\"1000000080 :\"",
                             "\" 1000000080:\"",
                             "+1000000080:",
                             "0x3b9aca50:",
                             "1e9:",
                             "1.00000008e9:",
                             "1000000020:",
                             "999999999:",
                             "1000000020.0000001:",
                             "1000000020.000001:",
                             "1000000020.5:",
                             "1000000080.999999:",
                             "inf:",
                             "nan:",
                             "1e300:",
                             "5:",
                             ".5:",
                             "0:",
                             "foo@",
                             "start@",
                             "end-1h@",
                             "start+5@",
                             "1000000080@",
                             "1000000080.5@",
                             "20260101@",
                             "12:30 20260101@",
                             "\"12:30 20260101@\"",
                             "12/31/2025@",
                             "\"noon 31.12.2025@\"",
                             "24:00@",

                             "-- -1e99:",
                             "-- -inf:"}) {
        expect_same(fmt::format("{}1:2:3:4", time));
        expect_same(fmt::format("-s {}1:2:3:4", time));
    }
}

TEST_F(RrdUpdateMessages, Readings) {
    for (const char* reading : {"",
                                "U",
                                "Ux",
                                "u",
                                "x",
                                "nan",
                                "NaN",
                                "-nan",
                                "+nan",
                                "inf",
                                "-inf",
                                "-INF",
                                "1x",
                                "5.",
                                ".5",
                                ".",
                                "-",
                                "--1",
                                "+1",
                                "1e5",
                                "1e",
                                "1e+",
                                "1E3",
                                "1e400",
                                "1e2000",
                                "1e-2000",
                                "0x10",
                                "1,5",
                                "007",
                                "-0",
                                "\" 7\"",
                                "\"7 \"",
                                "99999999999999999999999999999",
                                "0.1000000000000000055511151231",
                                "999999999999999999999999999999",
                                "9999999999999999999999999999999"}) {
        expect_same(fmt::format("1000000080:{}:5:5:5", reading));
        expect_same(fmt::format("1000000080:5:{}:5:5", reading));
        expect_same(fmt::format("1000000080:5:5:{}:5", reading));
        expect_same(fmt::format("1000000080:5:5:5:5 1000000140:5:{}:5:5", reading));
        expect_same(fmt::format("1000000080:5:5:5:5 1000000140:5:5:{}:5", reading));
        expect_same(fmt::format("1000000080:5:5:5:5 1000000140:5:5:5:{}", reading));
        // After the heartbeat nobody looks at a reading.
        expect_same(fmt::format("1000009080:{}:{}:{}:{}", reading, reading, reading, reading));
    }
}

TEST_F(RrdUpdateMessages, Templates) {
    for (const char* words : {"-t a 1000000080:1",
                              "-t e:a 1000000080:1:2",
                              "-t a:b:d:e 1000000080:1:2:3:4",
                              "-t x 1000000080:1",
                              "-t a: 1000000080:1",
                              "-t :a 1000000080:1",
                              "-t \"\" 1000000080:1",
                              "-t a::b 1000000080:1:2",
                              "-t a:a 1000000080:1:2",
                              "-t c 1000000080:1",
                              "-t a:c 1000000080:1:foo",
                              "-t a:b:d:e:a 1000000080:1:2:3:4:5",
                              "-t a:a:a:a:a:x 1000000080:1:2:3:4:5:6",
                              "-t x:a:a:a:a:a 1000000080:1:2:3:4:5:6",
                              "-t a 1000000080:1:2",
                              "-t a:b 1000000080:1",
                              "-t a -t b 1000000080:1",
                              "--template=b 1000000080:1",
                              "--template b 1000000080:1",
                              "-t",
                              "-t a",
                              "-tb 1000000080:1",
                              "-st b 1000000080:1 1000000070:2 1000000090:3"}) {
        expect_same(words);
    }
}

TEST_F(RrdUpdateMessages, Options) {
    for (const char* words :
         {"-x 1000000080:1:2:3:4", "--foo 1000000080:1:2:3:4", "-5:1:2:3:4", "--skip 1000000080:1",
          "-s", "-s 1000000010:a:b:c:d", "-s 1000000010:1:2",
          "--skip-past-updates 1000000010:1:2:3:4 1000000080:1:2:3:4", "-- 1000000080:1:2:3:4",
          "1000000080:1:2:3:4 -s 1000000080:2:2:2:2", "1000000080:1:2:3:4 --", "-d", "--daemon"}) {
        expect_same(words);
    }
    for (const char* command :
         {"update none.rrd 1000000080:1", "updatev none.rrd 1000000080:1",
          "update none.rrd -t x 5:1", "update none.rrd", "update -- a.rrd 1000000080:1:2:3:4",
          "update -t a", "updatev -t a", "update a.rrd -d", "updatev a.rrd -d x 1000000080:1",
          "update / 1000000080:1", "update a.rrd -d \"\" 1000000180:1:2:3:4",
          "update a.rrd --daemon= 1000000280:1:2:3:4"}) {
        (void)twin_.expect_same(command);
    }
    twin_.expect_same_bytes("a.rrd");
}

TEST_F(RrdUpdateMessages, TimesBeforeNow) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    for (const char* time : {"N:", "-- -5:", "now@", "now-5@", "N@"}) {
        twin_.make_shared(kCreate, "a.rrd");
        (void)twin_.expect_same(fmt::format("update a.rrd {}1:2:3:4", time));
        for (const auto& directory : {twin_.ours(), twin_.theirs()}) {
            const auto archive =
                store::rrd::Archive::open(directory / "a.rrd", store::File::Access::kRead);
            ASSERT_TRUE(archive);
            const auto late = archive->header().last_update() - now;
            EXPECT_GT(late, std::chrono::seconds{-7}) << time;
            EXPECT_LT(late, std::chrono::seconds{60}) << time;
        }
    }
}

TEST_F(RrdUpdateMessages, AFailingArgumentHasNoEffect) {
    const std::string before = read_file(twin_.ours() / "a.rrd");
    EXPECT_FALSE(twin_.expect_same("update a.rrd 1000000080:1:2:x:4").ok);
    EXPECT_TRUE(read_file(twin_.ours() / "a.rrd") == before);
    EXPECT_FALSE(read_file(twin_.theirs() / "a.rrd") == before);
}

// rrdtool counts the steps of an update up to 2^32.
TEST_F(RrdUpdateMessages, StepsOfMoreThanAnAgeAreCounted) {
    twin_.make_shared("create age.rrd -b 1000000000 -s 1 DS:a:GAUGE:2:U:U RRA:AVERAGE:0.5:5:10",
                      "age.rrd");
    twin_.expect_same("update age.rrd 5294967290:1");
    twin_.expect_same_bytes("age.rrd");
    twin_.make_shared("create age.rrd -b 1000000000 -s 1 DS:a:GAUGE:2:U:U RRA:AVERAGE:0.5:5:10",
                      "age.rrd");
    twin_.expect_same("update age.rrd 5294967302:1");
    EXPECT_THAT(twin_.run_theirs("info age.rrd").text,
                testing::HasSubstr("unknown_datapoints = 1\n"));
    EXPECT_THAT(twin_.run_ours("info age.rrd").text,
                testing::HasSubstr("unknown_datapoints = 2\n"));
}

TEST_F(RrdUpdateMessages, TimesThatNoFileCanHoldAreRefused) {
    EXPECT_TRUE(twin_.run_theirs("update a.rrd 1e15:1:2:3:4").ok);
    EXPECT_EQ(twin_.run_ours("update a.rrd 1e15:1:2:3:4").text,
              "a.rrd: time 1000000000000000 is too far in the future");
    EXPECT_FALSE(twin_.run_ours("update a.rrd 1e12:1:2:3:4").ok);
    EXPECT_TRUE(twin_.run_ours("update a.rrd 999999999999:1:2:3:4").ok);
}

TEST_F(RrdUpdateMessages, LockingCanBeChosen) {
    auto archive = store::rrd::Archive::open(twin_.ours() / "a.rrd", store::File::Access::kWrite);
    ASSERT_TRUE(archive);
    EXPECT_EQ(twin_.run_ours("update a.rrd -L try 1000000080:1:2:3:4").text, "could not lock RRD");
    EXPECT_EQ(twin_.run_ours("updatev a.rrd --locking=try 1000000080:1:2:3:4").text,
              "return_value = -1\ncould not lock RRD");
    EXPECT_TRUE(twin_.run_ours("update a.rrd -L none 1000000080:1:2:3:4").ok);
    archive->unlock();
    EXPECT_TRUE(twin_.run_ours("update a.rrd -L block 1000000140:1:2:3:4").ok);
    EXPECT_EQ(twin_.run_ours("update a.rrd -L maybe 1000000200:1:2:3:4").text,
              "unknown locking mode 'maybe': try, block or none expected");
}

// A COMPUTE whose program cannot run fails when it closes a PDP, and then nothing is stored.
TEST_F(RrdUpdateMessages, ProgramsThatCannotRun) {
    for (const char* program : {"a,a", "+", "a,+", "a,POP", "a,5,COPY", "a,2,SORT", "a,EXC",
                                "a,a,IF", "a,101,1,PERCENT", "a,-1,1,PERCENT", "a,UNKN,AVG"}) {
        SCOPED_TRACE(program);
        twin_.make_shared(fmt::format("create p.rrd -b 1000000020 -s 60 DS:a:GAUGE:600:U:U "
                                      "DS:c:COMPUTE:{} RRA:AVERAGE:0.5:1:10",
                                      program),
                          "p.rrd");
        (void)twin_.expect_same("update p.rrd 1000000050:1");
        const std::string before = read_file(twin_.ours() / "p.rrd");
        EXPECT_FALSE(twin_.expect_same("update p.rrd 1000000080:2").ok);
        EXPECT_TRUE(read_file(twin_.ours() / "p.rrd") == before);
    }
}

}  // namespace
}  // namespace kurabe::tests
