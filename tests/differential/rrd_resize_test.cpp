// `resize` of both programs: equal bytes of resize.rrd, equal words for what is wrong.
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

class RrdResize : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    void make(const std::string& definitions) {
        twin_.make_shared("create a.rrd -b 1000000123 " + definitions, "a.rrd");
    }

    RrdTwin twin_;
};

TEST_F(RrdResize, RandomSizes) {
    const int files = is_nightly() ? 2000 : 80;
    int resized = 0;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(13000 + i));
        SCOPED_TRACE(fmt::format("seed {}", 13000 + i));
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = i % 3 == 0});
        twin_.make_shared(schema.create_command("a.rrd"), "a.rrd");
        RrdHistory history(schema, random);
        for (int update = 0; update < 10; ++update) {
            (void)twin_.run_theirs("update a.rrd" + history.next());
        }
        twin_.copy_to_ours("a.rrd");
        for (int change = 0; change < 4 && !HasFailure(); ++change) {
            const std::string command =
                fmt::format("resize a.rrd {} {} {}", pick(random, 0, 4),
                            one_in(random, 2) ? "GROW" : "SHRINK", pick(random, 1, 30));
            SCOPED_TRACE(schema.create_command("a.rrd") + "\n" + command);
            // rrdtool knows no version 5.
            if (read_file(twin_.ours() / "a.rrd")[7] == '5') continue;
            if (!twin_.expect_same(command).ok) continue;
            twin_.expect_same_bytes("resize.rrd");
            ++resized;
        }
    }
    fmt::print("{} files resized\n", resized);
    EXPECT_GT(resized, files / 2);
}

TEST_F(RrdResize, WrongArguments) {
    make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:2:10");
    for (const char* words :
         {"a.rrd", "a.rrd 0", "a.rrd 0 GROW", "a.rrd 0 GROW 5 6", "a.rrd 0 grow 5",
          "a.rrd 0 5 GROW", "a.rrd 0 GROW 0", "a.rrd 0 GROW -5", "a.rrd 0 SHRINK 0",
          "a.rrd 0 SHRINK x", "a.rrd 2 GROW 5", "a.rrd -1 GROW 5", "a.rrd 99999999999 GROW 5",
          "a.rrd 0 SHRINK 10", "a.rrd 0 SHRINK 11", "a.rrd 0 SHRINK 99999999999999999999",
          "resize.rrd 0 GROW 5", "nothing.rrd 0 GROW 5"}) {
        EXPECT_FALSE(twin_.expect_same(fmt::format("resize {}", words)).ok) << words;
        EXPECT_FALSE(std::filesystem::exists(twin_.ours() / "resize.rrd")) << words;
    }
    // Numbers begin the texts.
    EXPECT_TRUE(twin_.expect_same("resize a.rrd x GROW 5x").ok);
    twin_.expect_same_bytes("resize.rrd");
}

// rrdtool refuses versions 2 and 5 when it has written half of resize.rrd, and makes a file that
// nothing can read of version 1.
TEST_F(RrdResize, AllVersionsAreResized) {
    make("DS:a:DCOUNTER:600:U:U RRA:AVERAGE:0.5:1:10");
    for (const int version : {5, 2, 1}) {
        if (version < 3) lower_version("a.rrd", version);
        ASSERT_TRUE(twin_.run_ours("resize a.rrd 0 GROW 5").ok);
        const auto info = twin_.run_theirs("info " + (twin_.ours() / "resize.rrd").string()).text;
        EXPECT_THAT(info,
                    HasSubstr("rrd_version = \"" + std::string(version < 3 ? "0003" : "0005")));
        EXPECT_THAT(info, HasSubstr("rra[0].rows = 15"));
    }
}

// rrdtool writes until the disk is full.
TEST_F(RrdResize, RowsHaveALimit) {
    make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10");
    for (const char* rows : {"9000000000000", "99999999999999999999"}) {
        const auto answer = twin_.run_ours(fmt::format("resize a.rrd 0 GROW {}", rows));
        EXPECT_FALSE(answer.ok);
        EXPECT_EQ(answer.text, "RRA 0 covers more time than there is");
    }
    EXPECT_THAT(twin_.run_ours("resize a.rrd 0 GROW 2147483648").text,
                testing::EndsWith("an .rrd file has at most 17179869184"));
    EXPECT_FALSE(std::filesystem::exists("resize.rrd"));
}

TEST_F(RrdResize, TheFileItselfStaysAsItIs) {
    make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10");
    const std::string before = read_file(twin_.ours() / "a.rrd");
    ASSERT_TRUE(twin_.expect_same("resize a.rrd 0 SHRINK 5").ok);
    EXPECT_TRUE(read_file(twin_.ours() / "a.rrd") == before);
}

}  // namespace
}  // namespace kurabe::tests
