// The insides of plots against the installed rrdtool, pixel by pixel: which rows of which columns
// areas, lines, ticks and rules cover, for random data of one value per column.
#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/mixing.hpp"
#include "render/png.hpp"
#include "render/renderer.hpp"
#include "tests/render/rrdtool_program.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_series_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;

constexpr Time kColumnsStart{Seconds{1700000040}};
constexpr int kColumns = 60;

Words words_of(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

class RrdtoolColumns : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    // Values of one column each, some unknown, from `low` to `high`; the same for the same seed.
    void write_random(const std::string& name, unsigned seed, double low, double high) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> value(low, high);
        std::vector<double> values;
        while (values.size() < kColumns + 2) {
            const bool unknown = random() % 7 == 0;
            const std::size_t same = 1 + random() % 3;
            values.insert(values.end(), same, unknown ? std::nan("") : value(random));
        }
        values.resize(kColumns + 2);
        write_minutes(path(name), kColumnsStart, values);
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_.path() / (name + ".rrd")).string();
    }

    // Only the graph, a column for each minute, of the variables a and b.
    [[nodiscard]] Words definition(const std::string& words) const {
        const auto start = kColumnsStart.time_since_epoch().count();
        Words all = {"-j",
                     "-w",
                     std::to_string(kColumns),
                     "-h",
                     "50",
                     "-s",
                     std::to_string(start),
                     "-e",
                     std::to_string(start + 60 * kColumns)};
        for (const char* name : {"a", "b"}) {
            all.push_back(fmt::format("DEF:{}={}:n:AVERAGE", name, path(name)));
        }
        for (std::string& word : words_of(words)) all.push_back(std::move(word));
        return all;
    }

    [[nodiscard]] Pixels theirs(const std::string& words) const {
        Words command = {"graph", path("picture")};
        for (std::string& word : definition(words)) command.push_back(std::move(word));
        const ProgramOutput output = run_rrdtool(command);
        EXPECT_EQ(output.status, 0) << output.text;
        return decode_png(tests::read_file(path("picture"))).value();
    }

    [[nodiscard]] Pixels ours(const std::string& words) {
        const auto zone = store::TimeZone::locate("UTC").value();
        const Time now = kColumnsStart + Seconds{100'000};
        const auto parsed = parse_graph(definition(words), now, zone);
        EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message);
        const auto graph = renderer_.render(*parsed, source_, now, zone);
        EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
        return decode_png(graph->bytes).value();
    }

    // Pixels of which one is more than half covered and the other is not. Both pictures are black
    // on white.
    static std::string differences(const Pixels& one, const Pixels& other) {
        const auto covered = [](std::uint32_t pixel) { return (pixel & 0xFF) < 0x80; };
        std::string text;
        for (int y = 0; y < one.size.height_px; ++y) {
            for (int x = 0; x < one.size.width_px; ++x) {
                const bool in_one = covered(one.rgb[one.index(x, y)]);
                if (in_one == covered(other.rgb[other.index(x, y)])) continue;
                text += fmt::format(" {}{},{}", in_one ? '+' : '-', x, y);
            }
        }
        return text;
    }

    void expect_same(const std::string& words) {
        EXPECT_EQ(differences(ours(words), theirs(words)), "")
            << words << "\n+ = only ours, - = only rrdtool's";
    }

    // Lines: rrdtool's have round ends, of half a thickness and a pixel to the left: they hide gaps
    // of one column. Ours begin with the column of the first value and end with the last one's.
    void expect_same_but_ends(const std::string& drawn, int thickness) {
        const std::string scale = "-l -70 -u 250 -r ";
        const Pixels mine = ours(scale + drawn);
        const Pixels other = theirs(scale + drawn);
        const Pixels area = theirs("-l 0 -u 1 -r CDEF:k=a,UN,0,1,IF AREA:k#000000");
        const auto is_known = [&](int x) { return (area.rgb[area.index(x, 20)] & 0xFF) < 0x80; };
        std::istringstream found(differences(mine, other));
        for (std::string pixel; found >> pixel;) {
            const int column = std::stoi(pixel.substr(1));
            bool near_gap = false;
            for (int x = column - thickness; x <= column + thickness + 1; ++x) {
                near_gap = near_gap || x < 0 || x >= kColumns - 1 || !is_known(x);
            }
            EXPECT_TRUE(near_gap && pixel[0] == '-') << drawn << ": " << pixel;
        }
    }

    void write_both(unsigned seed, double low, double high) {
        write_random("a", seed, low, high);
        write_random("b", seed + 1000, low, high);
    }

    tests::TemporaryDirectory folder_;
    Renderer renderer_;
    tests::RrdtoolProcess rrdtool_;
    tests::RrdtoolSeriesSource source_{rrdtool_};
};

TEST_F(RrdtoolColumns, AreasOfRandomData) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE(seed);
        write_both(seed, -30, 100);
        for (const char* scale :
             {"-l -50 -u 120 -r", "-l 0 -u 60 -r", "-l 40 -u 90 -r", "-l -20 -u -5 -r", "", "-A"}) {
            expect_same(fmt::format("{} AREA:a#000000", scale));
        }
    }
}

TEST_F(RrdtoolColumns, StacksOfRandomData) {
    for (unsigned seed = 11; seed <= 16; ++seed) {
        SCOPED_TRACE(seed);
        write_both(seed, seed % 2 == 0 ? -30 : 0, 100);
        for (const char* drawn :
             {"AREA:a#ffffff AREA:b#000000::STACK", "AREA:a AREA:b#000000::STACK",
              "AREA:a#ffffff STACK:b#000000", "LINE1:a AREA:b#000000::STACK",
              "AREA:a#ffffff AREA:b#ffffff::STACK AREA:a#000000::STACK"}) {
            expect_same(fmt::format("-l -70 -u 250 -r {}", drawn));
        }
        expect_same_but_ends("AREA:b AREA:b::STACK LINE1:a#000000::STACK", 1);
    }
}

// They would be a row at a zero line within the plot, or hide the layer below.
TEST_F(RrdtoolColumns, AreasOfNoHeightAreNotSeen) {
    write_both(18, 0, 100);
    for (const char* height : {"0", "0.00000001", "0,a,50,GT,0.3,0,IF,+"}) {
        const std::string z = fmt::format("CDEF:z=a,0,*,{},+", height);
        expect_same("-l -50 -u 120 -r " + z + " AREA:z#000000");
        expect_same("-l 0 -u 250 -r " + z + " AREA:a AREA:z#000000::STACK");
    }
    expect_same("-E -l -50 -u 120 -r CDEF:z=a,0,* AREA:z#000000");
    expect_same("-E -l 0 -u 250 -r CDEF:z=a,0,* AREA:a AREA:z#000000::STACK");
}

TEST_F(RrdtoolColumns, LinesOfRandomData) {
    for (unsigned seed = 21; seed <= 26; ++seed) {
        SCOPED_TRACE(seed);
        write_both(seed, -30, 100);
        for (const int thickness : {1, 2, 3}) {
            expect_same_but_ends(fmt::format("LINE{}:a#000000", thickness), thickness);
        }
        expect_same("-l -70 -u 250 -r LINE0:a#000000");
    }
}

TEST_F(RrdtoolColumns, Ticks) {
    for (unsigned seed = 31; seed <= 33; ++seed) {
        SCOPED_TRACE(seed);
        write_both(seed, -30, 100);
        for (const char* fraction :
             {"0.1", "0.33", "0.5", "1.5", "0.013", "-0.013", "1", "-0.1", "-0.37", "-1", "0"}) {
            expect_same(fmt::format("-l -50 -u 120 -r CDEF:t=a,70,GT TICK:t#000000:{}", fraction));
        }
    }
}

TEST_F(RrdtoolColumns, Rules) {
    write_both(41, -30, 100);
    for (const char* value :
         {"0", "10", "33.3", "49.9", "50", "-50", "120", "119.9", "-49.9", "-50.1", "121"}) {
        expect_same(fmt::format("-l -50 -u 120 -r LINE1:a HRULE:{}#000000", value));
    }
    const auto start = kColumnsStart.time_since_epoch().count();
    for (const int column : {-1, 0, 1, 2, 30, kColumns - 1, kColumns, kColumns + 1}) {
        expect_same(fmt::format("-l -50 -u 120 -r LINE1:a VRULE:{}#000000", start + 60 * column));
    }
}

}  // namespace
}  // namespace kurabe::render::testing
