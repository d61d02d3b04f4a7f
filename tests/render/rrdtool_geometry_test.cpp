// Geometry against the installed rrdtool: margins, sizes, scales, grid lines and legend places are
// equal as numbers for the same data and fonts.
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"
#include "render/plot_shapes.hpp"
#include "tests/render/rrdtool_program.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_series_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;
using Info = std::map<std::string, std::string>;

constexpr Time kStart{Seconds{1700000040}};
constexpr int kMinutes = 3000;

// "key = value" lines of graphv.
Info parse_info(const std::string& text) {
    Info info;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (equals != std::string::npos) info[line.substr(0, equals)] = line.substr(equals + 3);
    }
    return info;
}

Words words_of(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) {
        // '_' stands for a blank in these tests' texts.
        for (char& c : word) c = c == '_' ? ' ' : c;
        words.push_back(word);
    }
    return words;
}

class RrdtoolGeometry : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!tests::RrdtoolProcess::is_installed()) return;
        folder_ = new tests::TemporaryDirectory;
        std::vector<double> values;
        for (int i = 0; i < kMinutes; ++i) {
            values.push_back(i % 500 < 30 ? std::nan("") : 50 + 40 * std::sin(i / 200.0));
        }
        write_minutes(path("a.rrd"), kStart, values);
    }
    static void TearDownTestSuite() {
        delete folder_;
        folder_ = nullptr;
    }
    void SetUp() override {
        if (folder_ == nullptr) GTEST_SKIP() << "rrdtool is not installed";
    }

    static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
    static std::string file() { return path("a.rrd"); }

    // The usual start, end and DEF, then `words`.
    static Words definition(const std::string& words) {
        Words all = {"-s", "1700020000", "-e", "1700106400", "DEF:a=" + file() + ":n:AVERAGE"};
        for (std::string& word : words_of(words)) all.push_back(std::move(word));
        return all;
    }

    static Info rrdtool_info(const Words& arguments, const std::string& zone = "UTC") {
        Words command = {"graphv", path("o.png")};
        command.insert(command.end(), arguments.begin(), arguments.end());
        const ProgramOutput output = run_rrdtool(command, zone);
        EXPECT_EQ(output.status, 0) << output.text;
        return parse_info(output.text);
    }

    struct Ours {
        GraphDefinition definition;
        EvaluatedGraph graph;
        Layout layout;
        Frame frame;
    };
    Ours ours(const Words& arguments, const std::string& zone_name = "UTC") {
        const auto zone = store::TimeZone::locate(zone_name);
        EXPECT_TRUE(zone.has_value());
        const Time now{Seconds{1700200000}};
        auto definition = parse_graph(arguments, now, *zone);
        EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
        auto graph = evaluate(*definition, source_, now, *zone);
        EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
        auto layout = lay_out(definition->options, *graph, *zone, canvas_);
        EXPECT_TRUE(layout.has_value());
        Frame frame = place_frame(definition->options, *graph, canvas_);
        return {*std::move(definition), *std::move(graph), *std::move(layout), std::move(frame)};
    }

    void expect_same_frame(const Words& arguments) {
        const Info theirs = rrdtool_info(arguments);
        const Ours mine = ours(arguments);
        const auto number = [&](const char* key) { return std::stod(theirs.at(key)); };
        EXPECT_EQ(mine.layout.plot.left_px, number("graph_left"));
        EXPECT_EQ(mine.layout.plot.top_px, number("graph_top"));
        EXPECT_EQ(mine.layout.plot.width_px, number("graph_width"));
        EXPECT_EQ(mine.layout.plot.height_px, number("graph_height"));
        EXPECT_EQ(mine.layout.size.width_px, number("image_width"));
        EXPECT_EQ(mine.layout.size.height_px, number("image_height"));
        expect_same_range(theirs, mine.layout.range);
    }

    static void expect_same_range(const Info& theirs, const ValueRange& range) {
        const double low = std::stod(theirs.at("value_min"));
        const double high = std::stod(theirs.at("value_max"));
        const double tolerance = 1e-8 * std::max({std::abs(low), std::abs(high), 1e-30});
        EXPECT_NEAR(range.min, low, tolerance);
        EXPECT_NEAR(range.max, high, tolerance);
    }

    static tests::TemporaryDirectory* folder_;
    Canvas canvas_{"DejaVu Sans Mono"};
    tests::RrdtoolProcess rrdtool_;
    tests::RrdtoolSeriesSource source_{rrdtool_};
};
tests::TemporaryDirectory* RrdtoolGeometry::folder_ = nullptr;

TEST_F(RrdtoolGeometry, FramesAndScalesAreEqual) {
    for (const std::string& words : Words{
             "LINE1:a#f00",
             "LINE1:a#f00:one",
             "--disable-rrdtool-tag AREA:a#f00:one",
             "-v label LINE1:a#f00:one",
             "-t title LINE1:a#f00",
             "-t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:three\\l",
             "-L 10 LINE1:a#f00",
             "-x none LINE1:a#f00",
             "-y none LINE1:a#f00",
             "-g LINE1:a#f00:one",
             "-g -x none LINE1:a#f00:one",
             "-g -W mark LINE1:a#f00",
             "-j LINE1:a#f00",
             "-w 420 -h 100 -l 0 -u 2 --border 1 -v CPU_Usage[%] -t Day_host --disable-rrdtool-tag "
             "--font TITLE:8: --font AXIS:8: --font LEGEND:8: AREA:a#f00:User_ "
             "GPRINT:a:AVERAGE:Ave_%5.1lf\\l AREA:a#0f0:Nice:STACK GPRINT:a:MAX:Max_%5.1lf\\l",
             "-n DEFAULT:6: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-n DEFAULT:7: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-n DEFAULT:9: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-n DEFAULT:10: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-n DEFAULT:12: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-n DEFAULT:14: -t title -v label -W mark LINE1:a#f00:one COMMENT:two\\l COMMENT:x",
             "-h 20 LINE1:a#f00",
             "-w 30 -h 10 LINE1:a#f00:one",
             "-l 0 LINE1:a#f00",
             "-u 300 LINE1:a#f00",
             "-l 20 -u 60 -r LINE1:a#f00",
             "-l -20 LINE1:a#f00",
             "-A LINE1:a#f00",
             "-A -l 0 LINE1:a#f00",
             "-y 10:2 LINE1:a#f00",
             "-y 7:3 LINE1:a#f00",
             "-b 1024 LINE1:a#f00",
             "-X 3 LINE1:a#f00",
             "-X 0 CDEF:b=a,1000,* LINE1:b#f00",
             "LINE1:a#f00 HRULE:500#f00:rule",
             "CDEF:b=a,UNKN,* LINE1:b#f00:x"}) {
        SCOPED_TRACE(words);
        expect_same_frame(definition(words));
    }
}

TEST_F(RrdtoolGeometry, LegendPlacesAreEqual) {
    const std::string w30(30, 'w');
    const std::string w70(58, 'w');
    const std::string v20(20, 'v');
    for (const std::string& words :
         Words{std::string("LINE1:a#f00:one LINE1:a#f00:two LINE1:a#f00:three"),
               std::string("LINE1:a#f00:one LINE1:a#f00:two COMMENT:c\\l LINE1:a#f00:three"),
               std::string("LINE1:a#f00:one COMMENT:abc\\r"),
               std::string("LINE1:a#f00:one COMMENT:abc\\c"),
               std::string("LINE1:a#f00:one LINE1:a#f00:two COMMENT:abc\\j"),
               std::string("LINE1:a#f00:one\\g LINE1:a#f00:two COMMENT:abc\\l"),
               std::string("LINE1:a#f00 COMMENT:one__\\g COMMENT:two\\l"),
               std::string("LINE1:a#f00:one COMMENT:x\\s LINE1:a#f00:two COMMENT:abc\\l"),
               std::string("LINE1:a#f00 COMMENT:\\s COMMENT:abc\\l COMMENT:_\\u COMMENT:abc\\r"),
               std::string("LINE1:a#f00 COMMENT:x\\c COMMENT:\\s COMMENT:\\s COMMENT:y\\r"),
               std::string("LINE1:a#f00 COMMENT:x\\l COMMENT:\\l COMMENT:y\\l"),
               std::string("LINE1:a#f00 COMMENT:x\\l COMMENT:_\\l COMMENT:y\\l"),
               std::string("LINE1:a#f00:a\\tb COMMENT:x\\ty\\l"),
               std::string("LINE1:a#f00 COMMENT:a\\tb\\tcde\\tf\\l"),
               std::string("-T 20 LINE1:a#f00 COMMENT:a\\tb COMMENT:x\\ty\\l"),
               std::string("-T 100 LINE1:a#f00 COMMENT:a\\tb COMMENT:x\\ty\\l"),
               std::string("TEXTALIGN:center LINE1:a#f00:one LINE1:a#f00:two"),
               std::string("TEXTALIGN:left LINE1:a#f00:one LINE1:a#f00:two"),
               std::string("LINE1:a#f00:one TEXTALIGN:right LINE1:a#f00:two COMMENT:k"),
               std::string("LINE1:a#f00:one COMMENT:foo\\. COMMENT:bar"),
               std::string("AREA:a#f00:one HRULE:50#f00:hr VRULE:1700050000#0f0:vr COMMENT:z\\l"),
               "LINE1:a#f00 COMMENT:" + w30 + " COMMENT:" + v20 + " COMMENT:" + v20,
               "LINE1:a#f00 COMMENT:" + w70 + " COMMENT:" + v20,
               "LINE1:a#f00 COMMENT:" + w30 + " COMMENT:" + v20 + "vvvvvvvvv",
               "LINE1:a#f00 COMMENT:" + w30 + " COMMENT:" + v20 + "vvvvvvvvvv"}) {
        SCOPED_TRACE(words);
        const Words arguments = definition(words + " --disable-rrdtool-tag");
        const Info theirs = rrdtool_info(arguments);
        const Ours mine = ours(arguments);
        EXPECT_EQ(mine.layout.size.height_px, std::stoi(theirs.at("image_height")));
        for (std::size_t i = 0; i < mine.frame.legend.texts.size(); ++i) {
            const PlacedText& text = mine.frame.legend.texts[i];
            const auto found = theirs.find(fmt::format("coords[{}]", i));
            ASSERT_NE(found, theirs.end()) << i;
            std::array<int, 4> box{};  // "x1,y1,x2,y2" with quotes
            std::istringstream numbers(found->second);
            char separator = 0;
            for (int& number : box) numbers >> separator >> number;
            EXPECT_EQ(text.left_px, box[0]) << text.text;
            EXPECT_EQ(text.left_px + text.width_px, box[2]) << text.text;
            EXPECT_EQ(text.bottom_px, box[3]) << text.text;
        }
    }
}

// Values of every magnitude, seeded.
TEST_F(RrdtoolGeometry, RangesOfRandomDataAreEqual) {
    const unsigned seed = 20260101;
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> exponent(-9, 12);
    std::uniform_real_distribution<double> share(-2, 2);
    for (int i = 0; i < 100; ++i) {
        const double factor = std::pow(10, exponent(random));
        const double offset = share(random) * factor * 50;
        std::string words = fmt::format("CDEF:b=a,{:.6g},*,{:.6g},+ LINE1:b#f00", factor, offset);
        // Far below one, rrdtool's own -A does not come to an end.
        if (i % 4 == 1 && factor >= 0.1) words += " -A";
        if (i % 4 == 2) words += " -b 1024";
        if (i % 4 == 3) words += " -l 0";
        SCOPED_TRACE(fmt::format("seed {} case {}: {}", seed, i, words));
        const Words arguments = definition(words);
        expect_same_range(rrdtool_info(arguments), ours(arguments).layout.range);
    }
}

// Dotted lines of rrdtool's SVG: (major, upright, position).
using GridSet = std::set<std::tuple<bool, bool, int>>;

// In half pixels.
int place(double pixels) {
    return static_cast<int>(std::lround(pixels * 2 + 0.1));
}

GridSet svg_grid(const std::string& svg) {
    static const std::regex path(
        "style=\"[^\"]*stroke-width:0\\.([46]);[^\"]*dasharray[^\"]*\" "
        "d=\"M ([-0-9.]+) ([-0-9.]+) L ([-0-9.]+) ([-0-9.]+) \"");
    GridSet grid;
    for (std::sregex_iterator i(svg.begin(), svg.end(), path), end; i != end; ++i) {
        const bool upright = (*i)[2] == (*i)[4];
        grid.insert({(*i)[1] == "6", upright, place(std::stod(upright ? (*i)[2] : (*i)[3]))});
    }
    return grid;
}

class RrdtoolGrid : public RrdtoolGeometry {
  protected:
    static GridSet theirs(const Words& arguments, const std::string& zone) {
        Words command = {"graph", path("o.svg"), "-a", "SVG"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        const ProgramOutput output = run_rrdtool(command, zone);
        EXPECT_EQ(output.status, 0) << output.text;
        return svg_grid(tests::read_file(path("o.svg")));
    }

    GridSet mine(const Words& arguments, const std::string& zone_name) {
        const Ours o = ours(arguments, zone_name);
        const auto zone = store::TimeZone::locate(zone_name);
        const auto& options = o.definition.options;
        const auto axis = x_axis(options, *zone);
        const TimeSpan span = {options.start, options.end};
        GridSet grid;
        const auto add = [&](const std::vector<Time>& times, bool major) {
            for (const Time time : times) {
                const int column = column_of(time, span, options.width_px);
                grid.insert({major, true, place(o.layout.plot.left_px + column)});
            }
        };
        add(axis->minor, false);
        add(axis->major, true);
        const PlotScale scale = {o.layout.plot, o.layout.range};
        for (const YLine& line : y_grid(options, fit_value_axis(options, drawn_range(o.graph)))) {
            grid.insert({line.major, false, place(scale.y_of(line.value))});
        }
        return grid;
    }

    // Lines that have no equal in `without`, to half a pixel for heights: the file's are rounded.
    static std::string text_of(const GridSet& grid, const GridSet& without) {
        std::string text;
        for (const auto& [major, upright, at] : grid) {
            const int slack = upright ? 0 : 1;
            bool found = false;
            for (int near = at - slack; near <= at + slack; ++near) {
                found = found || without.contains({major, upright, near});
            }
            if (found) continue;
            text += fmt::format(" {}{}{}", major ? 'M' : 'm', upright ? 'x' : 'y', at / 2.0);
        }
        return text;
    }

    void expect_same(const Words& arguments, const std::string& zone = "UTC") {
        const GridSet rrdtool = theirs(arguments, zone);
        const GridSet kurabe = mine(arguments, zone);
        EXPECT_EQ(text_of(rrdtool, kurabe), "") << "only rrdtool has these";
        EXPECT_EQ(text_of(kurabe, rrdtool), "") << "only kurabe has these";
    }
};

TEST_F(RrdtoolGrid, TimeLinesAreEqualForEverySpan) {
    // From 100 seconds to 40 years: each row of the automatic table at least once.
    long span = 100;
    while (span < 40L * 366 * 86400) {
        const Words arguments = {"-s",         std::to_string(1700020000 - span), "-e",
                                 "1700020000", "DEF:a=" + file() + ":n:AVERAGE",  "LINE1:a#f00"};
        SCOPED_TRACE(span);
        expect_same(arguments);
        span = span * 13 / 10;
    }
}

TEST_F(RrdtoolGrid, GivenTimeGridsAreEqual) {
    for (const std::string& grid : Words{
             "MINUTE:10:MINUTE:20:MINUTE:10:0:%H:%M", "MINUTE:30:HOUR:1:HOUR:1:0:%H:%M",
             "HOUR:2:HOUR:4:HOUR:4:0:%H:%M", "HOUR:6:DAY:1:HOUR:12:0:%H:%M",
             "DAY:1:DAY:1:DAY:1:86400:%a", "WEEK:1:WEEK:1:WEEK:1:604800:W",
             "HOUR:7:DAY:1:DAY:1:0:%d", "HOUR:36:DAY:2:DAY:1:0:%d", "DAY:1:DAY:7:DAY:2:0:%m/%d"}) {
        SCOPED_TRACE(grid);
        expect_same(definition("-x " + grid + " LINE1:a#f00"));
        Words long_span = {"-s", "1698000000", "-e", "1702000000", "-x", grid};
        // rrdtool draws even more lines than there are pixels.
        if (grid.starts_with("MINUTE") || grid.starts_with("HOUR:2")) continue;
        long_span.insert(long_span.end(), {"DEF:a=" + file() + ":n:AVERAGE", "LINE1:a#f00"});
        expect_same(long_span);
    }
}

TEST_F(RrdtoolGrid, ValueLinesAreEqual) {
    for (const std::string& words :
         Words{"LINE1:a#f00", "-h 30 LINE1:a#f00", "-h 60 LINE1:a#f00", "-h 200 LINE1:a#f00",
               "-h 333 LINE1:a#f00", "-y 10:2 LINE1:a#f00", "-y 25:1 LINE1:a#f00",
               "-l 0 LINE1:a#f00", "-l -150 LINE1:a#f00", "-A LINE1:a#f00",
               "-Y -l 0 -u 700 LINE1:a#f00", "-I LINE1:a#f00", "-X 0 CDEF:b=a,1000,* LINE1:b#f00",
               "-b 1024 CDEF:b=a,100000,* LINE1:b#f00", "-n AXIS:12: LINE1:a#f00",
               "-l 0 -u 2 -r LINE1:a#f00", "-l 0 -u 37 -r LINE1:a#f00",
               "-l 93 -u 117 -r LINE1:a#f00"}) {
        SCOPED_TRACE(words);
        expect_same(definition(std::string("-x none ") + words));
    }
}

TEST_F(RrdtoolGrid, ValueLinesOfRandomDataAreEqual) {
    const unsigned seed = 77;
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> exponent(-6, 10);
    std::uniform_real_distribution<double> share(-2, 2);
    for (int i = 0; i < 40; ++i) {
        const double factor = std::pow(10, exponent(random));
        const double offset = share(random) * factor * 50;
        const std::string words =
            fmt::format("-x none {} -h {} CDEF:b=a,{:.6g},*,{:.6g},+ LINE1:b#f00",
                        i % 3 == 0 ? "-l 0" : "", 40 + 20 * (i % 13), factor, offset);
        SCOPED_TRACE(fmt::format("seed {} case {}: {}", seed, i, words));
        expect_same(definition(words));
    }
}

}  // namespace
}  // namespace kurabe::render::testing
