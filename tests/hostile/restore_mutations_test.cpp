// Damaged dumps under `restore`: an error or a file that can be read, never a signal, a hang or a
// memory without bounds.
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hostile/hostile_runner.hpp"
#include "tests/hostile/mutation.hpp"
#include "tests/hostile/program_session.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

constexpr std::uint64_t kRestoreSeed = 20'260'303;

std::string repeated(std::string_view text, std::size_t times) {
    const std::size_t size = text.size() * times;
    std::string result(text);
    while (result.size() < size) result += result.substr(0, size - result.size());
    return result;
}

class RestoreMutations : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        RrdtoolProcess rrdtool;
        const auto made = rrdtool.run(
            "create " + path("a.rrd") +
            " -b 1299995000 -s 60 DS:a:COUNTER:120:0:1e9 DS:b:COMPUTE:a,2,* RRA:LAST:0.1:1:12 "
            "RRA:MHWPREDICT:20:0.5:0.1:5 RRA:MIN:0.9:7:5");
        ASSERT_TRUE(made.ok) << made.text;
        const auto dumped = rrdtool.run("dump " + path("a.rrd"));
        ASSERT_TRUE(dumped.ok) << dumped.text;
        text_ = dumped.text;
    }

    [[nodiscard]] std::string path(const char* name) const {
        return (directory_.path() / name).string();
    }
    // Restores the text and reads what came of it.
    void restore(const std::string& text) const {
        std::ofstream(path("bad.xml"), std::ios::binary | std::ios::trunc) << text;
        (void)run_quietly({"restore", "-f", "-r", path("bad.xml"), path("bad.rrd")});
        (void)run_quietly({"dump", path("bad.rrd")});
    }
    // From a file and from standard input.
    void expect_limit(const std::string& text, std::string_view limit) const {
        std::ofstream(path("long.xml"), std::ios::binary | std::ios::trunc) << text;
        for (const auto& restored : {run_quietly({"restore", path("long.xml"), path("long.rrd")}),
                                     run_quietly({"restore", "-", path("long.rrd")}, text)}) {
            if (restored) throw std::runtime_error("restored");
            const std::string& reason = restored.error().message;
            if (reason.find(limit) == std::string::npos) throw std::runtime_error(reason);
        }
    }
    static void expect_none(const std::vector<HostileFailure>& failures) {
        for (const HostileFailure& failure : failures) {
            ADD_FAILURE() << "case " << failure.index << ": " << failure.what;
        }
    }

    const TemporaryDirectory directory_;
    std::string text_;
};

TEST_F(RestoreMutations, ChangedElementsAreErrorsOrFiles) {
    const std::size_t cases = is_nightly() ? 100'000 : 3'000;
    expect_none(run_hostile(cases, [&](std::size_t index) {
        std::mt19937_64 random(kRestoreSeed + index);
        restore(mutated_xml(text_, random));
    }));
}

TEST_F(RestoreMutations, CutTextsAreErrors) {
    const std::size_t cuts = text_.size() / 8;
    expect_none(run_hostile(cuts, [&](std::size_t index) { restore(text_.substr(0, index * 8)); }));
}

// What grows with its nesting, its references, its definitions or its rows.
TEST_F(RestoreMutations, TextsThatGrowHaveLimits) {
    constexpr std::size_t kMany = 1'000'000;
    std::string laughs = "<!DOCTYPE rrd [<!ENTITY l0 \"ha\">";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "&l" + std::to_string(i - 1) + ";";
        laughs += "<!ENTITY l" + std::to_string(i) + " \"" + repeated(before, 10) + "\">";
    }
    const std::vector<std::string> texts{
        repeated("<rrd>", kMany),
        laughs + "]><rrd><version>&l11;</version></rrd>",
        "<!DOCTYPE rrd SYSTEM \"file:///dev/zero\"><rrd>&x;</rrd>",
        "<rrd>" + repeated("<ds>", kMany),
        "<rrd>" + repeated("<ds></ds>", kMany),
        "<rrd><ds></ds>" + repeated("<rra></rra>", kMany),
        "<rrd>" + repeated("<ds></ds>", 10'000) + repeated("<rra></rra>", 10'000),
        "<rrd><rra><database>" + repeated("<row/>", kMany),
        "<rrd><ds></ds><rra><database>" + repeated("<row><v>1</v></row>", kMany),
        "<rrd><version>" + repeated("0", kMany) + "</version>",
        "<rrd " + repeated("a", kMany) + "=\"\">",
        "<" + repeated("a", kMany),
        repeated("\xff", kMany),
        std::string(kMany, '\0'),
    };
    expect_none(run_hostile(texts.size(), [&](std::size_t index) { restore(texts[index]); }));
}

// What has no end is kept and read again with all that comes.
TEST_F(RestoreMutations, TextsWithoutAnEndHaveALimit) {
    const std::size_t bytes = is_nightly() ? 32'000'000 : 4'000'000;
    const std::string lines = repeated("x\n", bytes / 2);
    const std::vector<std::string> texts{"<rrd><!--" + lines, "<!--" + repeated("\n", bytes),
                                         "<rrd><?p " + lines, "<rrd a=\"" + lines,
                                         "<rrd " + repeated("\n", bytes)};
    expect_none(run_hostile(texts.size(), [&](std::size_t index) {
        expect_limit(texts[index], "more than 1048576 bytes");
    }));
}

}  // namespace
}  // namespace kurabe::tests
