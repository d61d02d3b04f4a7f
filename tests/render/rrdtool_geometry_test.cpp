// Geometry against the installed rrdtool: margins, sizes, scales, grid lines and legend places are
// equal as numbers for the same data and fonts. Value scales have a test of their own.
#include <array>
#include <cmath>
#include <random>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/render/geometry_fixture.hpp"

namespace kurabe::render::testing {
namespace {

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
            EXPECT_NEAR(text.left_px, box[0], 1) << text.text;
            EXPECT_NEAR(text.left_px + text.width_px, box[2], 1) << text.text;
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
