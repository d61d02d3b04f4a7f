// Random legends and frames: graphv of rrdtool and ours, where both keep every text inside the
// picture.
#include <array>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/graph_fixture.hpp"

namespace kurabe::tests {
namespace {

using Keys = std::map<std::string, std::string>;

class LegendDifferential : public GraphDifferential {
  protected:
    static constexpr int kWatermarkMost_px = 28;

    struct PixelBox {
        int left = 0;
        int top = 0;
        int right = 0;
        int bottom = 0;
    };

    // Without the range of values and time, and what is no place.
    static Keys places(const std::string& answer) {
        Keys keys;
        std::istringstream lines(answer);
        for (std::string line; std::getline(lines, line);) {
            const std::size_t equals = line.find(" = ");
            if (equals == std::string::npos || line.starts_with("print[")) continue;
            keys[line.substr(0, equals)] = line.substr(equals + 3);
        }
        return keys;
    }

    static int number(const Keys& keys, const std::string& key) {
        const auto found = keys.find(key);
        return found == keys.end() ? 0 : std::stoi(found->second);
    }

    static PixelBox box_of(const std::string& coords) {
        PixelBox box;
        char quote = 0;
        char comma = 0;
        std::istringstream(coords) >> quote >> box.left >> comma >> box.top >> comma >> box.right >>
            comma >> box.bottom;
        return box;
    }

    // Whether rrdtool itself keeps all texts inside and off each other and has room for the plot.
    // Otherwise ours differ: see docs/rrdtool-differences.md.
    static bool has_room(const Keys& keys, int watermark_px) {
        constexpr int kEdge_px = 3;
        if (number(keys, "graph_width") < 10 || number(keys, "graph_height") < 10) return false;
        const int right = number(keys, "image_width") - kEdge_px;
        const int bottom = number(keys, "image_height") - watermark_px;
        PixelBox before;
        for (int i = 0; keys.contains(fmt::format("coords[{}]", i)); ++i) {
            const PixelBox box = box_of(keys.at(fmt::format("coords[{}]", i)));
            if (box.left < kEdge_px || box.right > right) return false;
            if (box.top < 0 || box.bottom > bottom) return false;
            const bool touches =
                box.bottom == before.bottom && box.right > before.left && box.left < before.right;
            if (touches) return false;
            before = box;
        }
        return true;
    }

    // The legend's texts, which are the same whether there is room for them or not.
    static Keys texts(Keys keys) {
        std::erase_if(keys, [](const auto& entry) { return !entry.first.starts_with("legend["); });
        return keys;
    }

    std::string text() {
        static constexpr std::array kLengths = {0, 1, 2, 3, 5, 8, 13, 21};
        static constexpr std::string_view kLetters = "abWm ,%";
        std::string letters;
        const int length = kLengths[static_cast<std::size_t>(below(kLengths.size()))];
        for (int i = 0; i < length; ++i) {
            letters += kLetters[static_cast<std::size_t>(below(int(kLetters.size())))];
        }
        return letters;
    }

    std::string element() {
        std::string words = text();
        if (below(8) == 0) words += "\\t" + text();
        if (below(5) < 2) words += "\\" + any({"l", "n", "r", "c", "j", "g", "s", "u", "."});
        switch (below(9)) {
            case 0:
                return "TEXTALIGN:" + any({"left", "right", "center", "justified"});
            case 1:
                return fmt::format("GPRINT:a:MAX:%6.1lf{}", any({"", "\\l", "\\g", "%s\\r"}));
            case 2:
            case 3:
                return "LINE1:a#f00:q" + words;
            case 4:
                return "AREA:a#0f0:q" + words;
            case 5:
                return fmt::format("HRULE:{}#00f:q{}", any({"50", "-3", "20000"}), words);
            case 6:
                return fmt::format("VRULE:{}#00f:q{}", kFirst + 60 * below(2 * kMinutes), words);
            default:
                return "COMMENT:" + (words.empty() ? "x" : words);
        }
    }

    std::string frame() {
        std::string words = fmt::format(" -w {} -h {}", any({"60", "150", "400", "401", "773"}),
                                        any({"30", "100", "201", "350"}));
        const auto sometimes = [&](int n, const std::string& word) {
            if (below(n) == 0) words += " " + word;
        };
        sometimes(2, "--legend-position " + any({"north", "south", "west", "east"}));
        sometimes(2, "--legend-direction " + any({"topdown", "bottomup", "bottomup2"}));
        sometimes(3, "--full-size-mode");
        sometimes(3, "-t title");
        sometimes(4, "-v label");
        sometimes(4, "-W mark");
        sometimes(4, "-x none");
        sometimes(4, "-y none");
        sometimes(3, "--disable-rrdtool-tag");
        sometimes(9, "--no-legend");
        sometimes(9, "--only-graph");
        sometimes(5, "--lower-limit 0");
        sometimes(5, "--upper-limit 1000");
        sometimes(4, "--tabwidth " + any({"30", "41", "60", "100"}));
        sometimes(3, fmt::format("-n DEFAULT:{}:", any({"6", "7", "8", "9", "10", "12", "14"})));
        sometimes(6, fmt::format("-n LEGEND:{}:", any({"6", "7.5", "9", "10", "13"})));
        sometimes(6, fmt::format("-n AXIS:{}:", any({"5", "6", "9", "10"})));
        sometimes(6, fmt::format("-n TITLE:{}:", any({"7", "8", "12"})));
        // A rule that is left out may still take a line in rrdtool.
        return words + " --force-rules-legend";
    }
};

TEST_F(LegendDifferential, PlacesOfRandomLegends) {
    int compared = 0;
    const int all = rounds(150);
    for (int round = 0; round < all; ++round) {
        std::string command = "graphv x.png " + random_range() + frame() +
                              " DEF:a=a.rrd:one:AVERAGE " + any({"LINE1:a#f00", "AREA:a#f00:one"});
        for (int i = below(9); i > 0; --i) command += " \"" + element() + "\"";
        const auto theirs = twin_.run_theirs(command);
        const auto ours = twin_.run_ours(command);
        ASSERT_EQ(ours.ok, theirs.ok) << command << '\n' << theirs.text << '\n' << ours.text;
        const Keys expected = places(theirs.text);
        ASSERT_EQ(texts(places(ours.text)), texts(expected)) << command;
        const bool has_watermark = command.find(" -W ") != std::string::npos;
        if (!has_room(expected, has_watermark ? kWatermarkMost_px : 0)) continue;
        ++compared;
        ASSERT_EQ(places(ours.text), expected) << command;
    }
    EXPECT_GT(compared, all / 3);
}

TEST_F(LegendDifferential, Messages) {
    const std::string data =
        fmt::format(" -s {} -e {} DEF:a=a.rrd:one:AVERAGE LINE1:a#f00", kFirst, kFirst + 3600);
    for (const std::string words :
         {"--legend-position middle", "--legend-direction leftright", "-D -w 9", "-D -h 9",
          "--legend-position", "--full-size-mode=yes"}) {
        (void)twin_.expect_same("graph x.png " + words + data);
    }
}

// rrdtool leaves out the legend of a rule beyond the limits that were given, whatever the scale
// became, and that of one at another time.
TEST_F(LegendDifferential, RulesOutside) {
    const std::string data =
        fmt::format(" -s {} -e {} DEF:a=a.rrd:one:AVERAGE LINE1:a#f00", kFirst, kFirst + 60'000);
    for (const std::string options : {"", "-l 60", "-u 60", "-l 10 -u 60 -r", "-u 60 -F", "-F"}) {
        const auto command = fmt::format(
            "graphv x.png {}{} HRULE:60#f00:a HRULE:61#f00:b HRULE:59#f00:c HRULE:5#f00:d "
            "VRULE:{}#f00:f VRULE:{}#f00:g VRULE:5#f00:h",
            options, data, kFirst, kFirst - 1);
        EXPECT_EQ(places(twin_.run_ours(command).text), places(twin_.run_theirs(command).text))
            << command;
    }
}

// More lines are not shown by rrdtool either, but have no room.
TEST_F(LegendDifferential, TitlesOfSeveralLines) {
    const std::string data =
        fmt::format(" -s {} -e {} DEF:a=a.rrd:one:AVERAGE LINE1:a#f00:x", kFirst, kFirst + 60'000);
    for (const std::string title : {"a", "a\\nb", "a\\nb\\nc", "a\\nb\\nc\\nd\\ne", "a\\n"}) {
        const auto command = fmt::format("graphv x.png -t \"{}\"{}", title, data);
        EXPECT_EQ(places(twin_.run_ours(command).text), places(twin_.run_theirs(command).text))
            << command;
    }
}

}  // namespace
}  // namespace kurabe::tests
