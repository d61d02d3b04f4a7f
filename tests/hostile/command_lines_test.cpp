// Hostile command lines: an error or an answer within limits. rrdtool 1.7.2 crashes or hangs in 145
// of 13,285 of them.
#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/hostile/hostile_runner.hpp"
#include "tests/hostile/hostile_words.hpp"
#include "tests/hostile/program_session.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

constexpr std::uint64_t kSeed = 20'260'202;

constexpr std::array<HostileGenerator, 9> kGenerators{
    hostile_rpn,    hostile_format, hostile_graph_options, hostile_times, hostile_create,
    hostile_update, hostile_tune,   hostile_file_name,     hostile_counts};

std::size_t case_count() {
    return is_nightly() ? 40'000 : 2'000;
}

class HostileCommandLines : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        std::filesystem::current_path(directory_.path());
        RrdtoolProcess rrdtool;
        const auto made = rrdtool.run(
            "create " + good_ +
            " -b 1299995000 -s 60 DS:a:GAUGE:600:U:U DS:b:COUNTER:600:U:U DS:c:DERIVE:600:U:U "
            "RRA:AVERAGE:0.5:1:100 RRA:MAX:0.5:5:20 RRA:HWPREDICT:100:0.1:0.0035:20");
        ASSERT_TRUE(made.ok) << made.text;
        ::mkfifo("pipe", 0600);
        std::filesystem::create_symlink("loop", "loop");
        std::ofstream("sparse").flush();
        std::filesystem::resize_file("sparse", 1ULL << 40);
    }

    static HostileWords words_of(std::size_t index, const std::string& archive) {
        std::mt19937_64 random(kSeed + index);
        return kGenerators[index % kGenerators.size()](random, archive);
    }

    const TemporaryDirectory directory_;
    const std::string good_ = (directory_.path() / "good.rrd").string();
    const std::string used_ = (directory_.path() / "used.rrd").string();
};

TEST_F(HostileCommandLines, AreAnsweredWithinLimits) {
    const auto failures = run_hostile(case_count(), [&](std::size_t index) {
        std::filesystem::copy_file(good_, used_, std::filesystem::copy_options::overwrite_existing);
        (void)run_quietly(words_of(index, used_));
    });
    for (const HostileFailure& failure : failures) {
        std::string line;
        for (const std::string& word : words_of(failure.index, "used.rrd")) {
            line += " '" + word.substr(0, 200) + "'";
            if (line.size() > 1000) break;
        }
        ADD_FAILURE() << "case " << failure.index << ": " << failure.what << "\n" << line;
    }
}

}  // namespace
}  // namespace kurabe::tests
