// The value axes against the installed rrdtool: ranges for all options that choose them, room for
// labels at both sides, lines of logarithmic scales.
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/random.hpp"
#include "tests/render/geometry_fixture.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::render::testing {
namespace {

class RrdtoolScale : public RrdtoolGeometry {
  protected:
    void expect_equal_range(const std::string& words) {
        SCOPED_TRACE(words);
        const Words arguments = definition("-w 20 -h 20 -j " + words);
        expect_same_range(rrdtool_info(arguments), ours(arguments).layout.range);
    }
};
using RrdtoolScaleLines = RrdtoolGrid;

// Below zero rrdtool turns such scales upside down before it goes on.
bool limits_contradict(const GraphOptions& options, const EvaluatedGraph& graph) {
    const auto drawn = drawn_range(graph, scaling_of(options));
    if (!options.rigid || !drawn) return false;
    const double lower = options.lower_limit.value_or(drawn->min);
    const double upper = options.upper_limit.value_or(drawn->max);
    return lower > upper || lower > drawn->max || upper < drawn->min;
}

TEST_F(RrdtoolScale, RoomForBothAxesIsEqual) {
    for (const std::string& words : Words{
             "--right-axis 2:1", "--right-axis 2:1 --disable-rrdtool-tag",
             "--right-axis 2:1 -y none", "--right-axis 2:1 -y none -L 5", "-y none -L 10",
             "-y none -L 0", "--right-axis 1:0 -L 10", "--right-axis-label hello",
             "--right-axis 2:1 --right-axis-label hello -v left",
             "--right-axis 1:0 -n UNIT:12: --right-axis-label abc --disable-rrdtool-tag",
             "--right-axis 1:0 -n AXIS:10:", "--right-axis 2:1 --right-axis-label abc -j", "-o",
             "-o --right-axis 2:1 -t title", "--right-axis -3:0.5 -g -x none",
             "--right-axis 1:0 --right-axis-format %.2lf",
             "--left-axis-formatter timestamp --right-axis 1:0 --right-axis-formatter duration"}) {
        SCOPED_TRACE(words);
        expect_same_frame(definition(words + " LINE1:a#f00:one"));
    }
}

TEST_F(RrdtoolScale, RangesOfEveryOptionAreEqual) {
    for (const std::string& data :
         Words{"70,*,23,+", "70,*,-23,+", "0,*,5,+", "0,*,-5,+", "7,*,3000,+", "UNKN,*", "-9,*"}) {
        for (const std::string& options : Words{"-J",
                                                "-M",
                                                "-J -l 0",
                                                "-M -l 10",
                                                "-J -u 9000",
                                                "-M -u 9000",
                                                "-J -M",
                                                "-A -M",
                                                "-J -r",
                                                "-M -r -l 0 -u 50",
                                                "--allow-shrink",
                                                "-r --allow-shrink",
                                                "-r --allow-shrink -l 0",
                                                "-r --allow-shrink -u 100",
                                                "-r --allow-shrink -l 40 -u 60",
                                                "-r --allow-shrink -l 200 -u 9000",
                                                "-A -r --allow-shrink -l 0 -u 100",
                                                "-r -l 9000",
                                                "-r -u -9000",
                                                "-r -l 50 -u 20",
                                                "-r -l -20 -u -50",
                                                "-r -l 5 -u 0",
                                                "-r -l 5 -u 5",
                                                "-r -l -5 -u -5",
                                                "-r -l 0 -u 0",
                                                "-l nan -u -inf",
                                                "-o",
                                                "-o -l 7",
                                                "-o -l 100 -u 1500",
                                                "-o -r -l 7",
                                                "-o -r -u 50",
                                                "-o -r -l 20 -u 300",
                                                "-o -r --allow-shrink -l 7 -u 1500",
                                                "-o -l 100 -u 1",
                                                "-o -A",
                                                "-o -J"}) {
            expect_equal_range(options + " CDEF:b=a," + data + " LINE1:b#f00");
        }
    }
}

// Ends of the list of round numbers, and limits that are a bit beside a round number because
// rrdtool rounds numbers in its own way when it reads them.
TEST_F(RrdtoolScale, RangesBesideRoundNumbersAreEqual) {
    for (const std::string& limits :
         Words{"-l -0.0001 -u 0.05", "-l -100 -u 340000", "-l -0.00004 -u 0.05",
               "-l 0.00003 -u 0.0003", "-l -0.000007 -u 0", "-l -0.00006 -u 0.0006",
               "-l -0.00000004 -u 0.00006", "-l 0 -u 1000", "-l 100 -u 1000", "-l 1000 -u 2000",
               "-l -1000 -u 1000", "-b 1024 -l 1010 -u 1020", "-b 1024 -l -1020 -u 1020"}) {
        expect_equal_range(limits + " CDEF:b=a,0,* LINE1:b#f00");
    }
}

// A number of few digits, as people give them, of about that size.
double limit_near(tests::Random& random, double size) {
    const double number = size * static_cast<double>(tests::pick(random, 1, 99)) / 50;
    return tests::one_in(random, 3) ? -number : number;
}

std::string random_options(tests::Random& random, double size) {
    const bool logarithmic = tests::one_in(random, 4);
    std::string words = logarithmic ? "-o" : "";
    if (tests::one_in(random, 2)) {
        const double limit = limit_near(random, size);
        words += fmt::format(" -l {:.3g}", logarithmic ? std::abs(limit) : limit);
    }
    if (tests::one_in(random, 2)) {
        const double limit = limit_near(random, 2 * size);
        words += fmt::format(" -u {:.3g}", logarithmic ? std::abs(limit) : limit);
    }
    if (tests::one_in(random, 3)) words += " -r";
    if (tests::one_in(random, 3)) words += " --allow-shrink";
    if (tests::one_in(random, 3)) words += " -b 1024";
    if (tests::one_in(random, 8)) words += fmt::format(" -y {:.2g}:3", size / 20);
    // Far below one, rrdtool's own -A does not come to an end.
    const auto mode = tests::pick(random, 0, 6);
    if (mode == 1 && size >= 10) words += " -A";
    if (mode == 2) words += " -J";
    if (mode == 3) words += " -M";
    return words;
}

TEST_F(RrdtoolScale, RangesOfRandomOptionsAreEqual) {
    const unsigned seed = 20260712;
    tests::Random random(seed);
    const int rounds = tests::is_nightly() ? 3000 : 80;
    for (int i = 0; i < rounds && !HasFailure(); ++i) {
        const double factor = std::pow(10, static_cast<double>(tests::pick(random, -90, 110)) / 10);
        const double offset = limit_near(random, tests::one_in(random, 3) ? 1e3 : 1) * 50 * factor;
        SCOPED_TRACE(fmt::format("seed {} case {}", seed, i));
        const std::string words = fmt::format("{} CDEF:b=a,{:.6g},*,{:.6g},+ {}:b#f00",
                                              random_options(random, 50 * factor), factor, offset,
                                              tests::one_in(random, 2) ? "LINE1" : "AREA");
        const Ours mine = ours(definition(words));
        if (limits_contradict(mine.definition.options, mine.graph)) continue;
        expect_equal_range(words);
    }
}

TEST_F(RrdtoolScaleLines, LinesOfLogarithmicScalesAreEqual) {
    for (const std::string& words :
         Words{"-l 1 -u 1100", "-l 1 -u 1.1e5", "-l 1e-9 -u 1.1e-3", "-l 1 -u 3.5e10",
               "-l 1 -u 1.1e25", "-l 1 -u 1.1e34", "-l 20 -u 95 -h 200", "-l 1 -u 1100 -h 300",
               "-l 0.001 -u 1.1 -h 400", "-l 1 -u 1100 -h 600", "-l 1 -u 110 -h 800",
               "-l 1 -u 1100 -n LEGEND:12:", "-l 3 -u 1500 -b 1024", "-l 1 -u 1100 -Y",
               "-l 1 -u 1100 -y 10:2"}) {
        SCOPED_TRACE(words);
        expect_same(definition("-o -r -x none " + words + " LINE1:a#f00"));
    }
}

TEST_F(RrdtoolScaleLines, LinesOfARandomLogarithmicScaleAreEqual) {
    const unsigned seed = 4711;
    tests::Random random(seed);
    const int rounds = tests::is_nightly() ? 500 : 20;
    for (int i = 0; i < rounds && !HasFailure(); ++i) {
        const double low = std::pow(10, static_cast<double>(tests::pick(random, -90, 90)) / 10.3);
        // rrdtool leaves lines at the very top out: see rrdtool-differences.md.
        const double high = 3.5 * std::pow(10, std::floor(std::log10(low)) +
                                                   static_cast<double>(tests::pick(random, 2, 12)));
        const std::string words = fmt::format("-o -r -x none -h {} -l {:.8g} -u {:.8g} LINE1:a#f00",
                                              tests::pick(random, 40, 400), low, high);
        SCOPED_TRACE(fmt::format("seed {} case {}: {}", seed, i, words));
        expect_same(definition(words));
    }
}

}  // namespace
}  // namespace kurabe::render::testing
