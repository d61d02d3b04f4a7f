// Damaged .rrd files under every command: an error or an answer, never a signal, a hang or a memory
// without bounds. rrdtool 1.7.2 crashes in 2.3 % of such commands.
#include <algorithm>
#include <array>
#include <fstream>

#include <gtest/gtest.h>

#include "store/rrd/header.hpp"
#include "tests/hostile/hostile_runner.hpp"
#include "tests/hostile/mutation.hpp"
#include "tests/hostile/program_session.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

constexpr std::uint64_t kRrdSeed = 20'260'101;

// What people and hostile files have: several sources, every CF, every type.
constexpr std::array kSchemas{
    "-s 300 DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:2880 RRA:AVERAGE:0.5:5:288 RRA:MAX:0.5:12:96",
    "-s 60 DS:a:COUNTER:120:0:1e9 DS:b:DERIVE:120:U:U DS:c:ABSOLUTE:120:U:U "
    "DS:d:COMPUTE:a,b,+,2,* RRA:LAST:0.1:1:60 RRA:MIN:0.9:7:30 RRA:AVERAGE:0:60:24",
    "-s 60 DS:a:GAUGE:600:U:U DS:b:GAUGE:600:0:100 RRA:AVERAGE:0.5:1:100 "
    "RRA:HWPREDICT:100:0.1:0.0035:20",
    "-s 60 DS:a:DCOUNTER:600:U:U DS:b:DDERIVE:600:0:100 "
    "RRA:MHWPREDICT:50:0.5:0.1:10:2 RRA:SEASONAL:10:0.5:1:smoothing-window=0.5 "
    "RRA:DEVSEASONAL:10:0.5:1 RRA:DEVPREDICT:50:3 RRA:FAILURES:50:2:5:3 RRA:MAX:0.5:3:20",
};

const std::vector<std::vector<std::string>> kCommands{
    {"info", "{}"},
    {"dump", "{}"},
    {"fetch", "{}", "AVERAGE"},
    {"fetch", "{}", "MAX", "-s", "1299900000", "-e", "1300000000"},
    {"update", "{}", "1300000000:1:2:3"},
    {"update", "{}", "N:U:1", "1300000300:5:U", "1300001000:1:2"},
    {"updatev", "{}", "1299999000:4:5"},
    {"last", "{}"},
    {"lastupdate", "{}"},
    {"first", "{}", "--rraindex", "1"},
    {"list", "{}"},
    {"xport", "-s", "1299990000", "-e", "1300000000", "DEF:a={}:a:AVERAGE", "XPORT:a:x"},
    {"graph", "-", "-s", "1299990000", "-e", "1300000000", "DEF:a={}:a:AVERAGE", "LINE1:a#f00"},
    {"tune", "{}", "-h", "a:100", "-i", "a:0"},
    {"tune", "{}", "DELRRA:0", "DS:new:GAUGE:60:U:U"},
    {"tune", "{}", "RRA#0:+5", "RRA:AVERAGE:0.5:2:10"},
    {"tune", "{}", "-b", "a"},
    {"resize", "{}", "0", "GROW", "10"},
    {"create", "{}.new", "-t", "{}", "-r", "{}", "-s", "60", "RRA:AVERAGE:0.5:3:10"},
};

class RrdMutations : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        RrdtoolProcess rrdtool;
        for (const char* schema : kSchemas) {
            const std::string path = (directory_.path() / "fixture.rrd").string();
            const auto made =
                rrdtool.run("create " + path + " -b 1299995000 " + std::string(schema));
            ASSERT_TRUE(made.ok) << made.text;
            for (int i = 1; i < 100; ++i) {
                const std::string time = std::to_string(1'299'995'000 + 37 * i);
                for (const char* values : {":1", ":100:2", ":100:2:3"}) {
                    (void)rrdtool.run("update " + path + " " + time + values);
                }
            }
            fixtures_.push_back(read_file(path));
        }
        std::filesystem::current_path(directory_.path());
    }

    // Writes the file, runs the command of that index on it. Whether it succeeded.
    bool run_on(const std::string& file, std::size_t command) const {
        const std::string path = (directory_.path() / "bad.rrd").string();
        std::ofstream(path, std::ios::binary | std::ios::trunc) << file;
        std::vector<std::string> words = kCommands[command % kCommands.size()];
        for (std::string& word : words) {
            if (const auto at = word.find("{}"); at != std::string::npos) {
                word.replace(at, 2, path);
            }
        }
        return run_quietly(words).has_value();
    }

    static std::size_t header_bytes(const std::string& file) {
        const auto header =
            store::rrd::decode_header("", std::as_bytes(std::span(file)), file.size());
        return header ? header->bytes() : 0;
    }

    void expect_none(const std::vector<HostileFailure>& failures) const {
        for (const HostileFailure& failure : failures) {
            std::string words;
            for (const auto& word : kCommands[failure.index % kCommands.size()]) {
                words += " " + word;
            }
            ADD_FAILURE() << "case " << failure.index << " (" << words << " ): " << failure.what;
        }
    }

    const TemporaryDirectory directory_;
    std::vector<std::string> fixtures_;
};

// Else the damage would not be what the others meet.
TEST_F(RrdMutations, EveryCommandWorksOnAWholeFile) {
    for (std::size_t command = 0; command < kCommands.size(); ++command) {
        EXPECT_TRUE(std::ranges::any_of(fixtures_, [&](const std::string& fixture) {
            return run_on(fixture, command);
        })) << testing::PrintToString(kCommands[command]);
    }
}

TEST_F(RrdMutations, DamagedHeadersAreErrors) {
    const std::size_t cases = is_nightly() ? 100'000 : 4'000;
    expect_none(run_hostile(cases, [&](std::size_t index) {
        std::mt19937_64 random(kRrdSeed + index);
        const std::string& fixture = fixtures_[index / kCommands.size() % fixtures_.size()];
        run_on(mutated(fixture, header_bytes(fixture), random), index);
    }));
}

TEST_F(RrdMutations, CutFilesAreErrors) {
    const std::string& fixture = fixtures_[2];
    const std::size_t cuts = fixture.size() / 64 + 1;
    expect_none(run_hostile(cuts * kCommands.size(), [&](std::size_t index) {
        run_on(fixture.substr(0, index / kCommands.size() * 64), index);
    }));
}

TEST_F(RrdMutations, CutFilesFilledWithZeroesNeverCrash) {
    const std::string& fixture = fixtures_[3];
    const std::size_t cuts = fixture.size() / 64 + 1;
    expect_none(run_hostile(cuts * kCommands.size(), [&](std::size_t index) {
        std::string file = fixture.substr(0, index / kCommands.size() * 64);
        file.resize(fixture.size(), '\0');
        run_on(file, index);
    }));
}

}  // namespace
}  // namespace kurabe::tests
