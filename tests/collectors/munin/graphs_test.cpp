// Graphs of Munin's services: what they say in the graph language, and that the server reads and
// parses what is made of any of them.
#include "collectors/munin/graphs.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "server/graph_service.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::collectors::munin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

PluginPages pages(std::string_view text) {
    return pages_of(read_answer(text, "s").services);
}

std::vector<std::string> lines(std::string_view text) {
    return pages(text).graphs.at(0).lines;
}

// Without the legend's numbers.
std::vector<std::string> drawing(std::string_view text) {
    auto all = lines(text);
    std::erase_if(all, [](const std::string& line) { return line.starts_with("GPRINT"); });
    return all;
}

// As the server does it; the text of the error, empty when all is well.
std::string trial(std::string_view text) {
    const auto definition = server::PluginDefinition::parse(plugin_text(pages(text)), "munin",
                                                            server::PluginAuthor::kHost);
    if (!definition) return definition.error().message;
    const store::Time now{store::Seconds{1'700'000'000}};
    for (const auto& group : definition->groups({})) {
        for (const std::string& key : group.graphs) {
            const auto graph = definition->graph(key, {});
            if (!graph) return graph.error().message;
            const auto arguments = server::graph_arguments(
                *graph, server::window_until(server::Term::kDay, now), {.width_px = 400}, "host");
            const auto parsed = render::parse_graph(arguments, now, store::TimeZone::utc());
            if (!parsed) return parsed.error().message;
        }
    }
    return {};
}

TEST(MuninGraphs, DrawInTheirOrderWithOurColours) {
    EXPECT_THAT(drawing("graph_order b a\na.label A\na.draw STACK\nb.label B:b\nb.draw AREA\n"
                        "c.draw LINE2\nc.colour ff00ff\n"),
                ElementsAre("DEF:v0=s.a.gauge:n:AVERAGE", "DEF:v1=s.b.gauge:n:AVERAGE",
                            "DEF:v2=s.c.gauge:n:AVERAGE", "AREA:v1#0072b2:B\\:b",
                            "AREA:v0#e69f00:A  :STACK", "LINE2:v2#ff00ff:c  "));
}

TEST(MuninGraphs, HaveColumnsOfNumbers) {
    EXPECT_THAT(
        lines("a.label A\ngraph_printf %5.1lf\n"),
        ElementsAre("DEF:v0=s.a.gauge:n:AVERAGE", "LINE1:v0#0072b2:A",
                    "GPRINT:v0:LAST: Cur\\:%5.1lf%s", "GPRINT:v0:MIN: Min\\:%5.1lf%s",
                    "GPRINT:v0:AVERAGE: Avg\\:%5.1lf%s", "GPRINT:v0:MAX: Max\\:%5.1lf%s\\l"));
    EXPECT_THAT(lines("a.label A\ngraph_scale no\ngraph_printf %n%s\n"),
                Contains("GPRINT:v0:LAST: Cur\\:%6.2lf"));
}

TEST(MuninGraphs, MirrorNegatives) {
    EXPECT_THAT(
        drawing("down.type DERIVE\ndown.graph no\ndown.cdef down,8,*\ndown.min 0\nup.label bps\n"
                "up.type DERIVE\nup.negative down\nup.cdef up,8,*\n"),
        ElementsAre("DEF:v0=s.down.derive:n:AVERAGE", "CDEF:lv0=v0,0,INF,LIMIT",
                    "DEF:v1=s.up.derive:n:AVERAGE", "CDEF:c0x3=lv0,8,*", "CDEF:c1x4=v1,8,*",
                    "LINE1:c1x4#0072b2:bps", testing::StartsWith("CDEF:n0=c0x3,-1,*"),
                    "LINE1:n0#0072b2"));
}

TEST(MuninGraphs, ComputeSumsTotalsAndPeriods) {
    const auto all = drawing(
        "graph_total All\ngraph_period minute\na.type DERIVE\nb.label b\nboth.sum a b\n"
        "far.sum x:y.z\nborrowed.cdef other_service.x,8,*\n");
    EXPECT_THAT(all, Contains("CDEF:v2=v0,v1,ADDNAN"));
    EXPECT_THAT(all, Contains("CDEF:c0x4=v0,60,*"));
    EXPECT_THAT(all, Contains("LINE1:v4#d55e00:borrowed"));
    EXPECT_THAT(all, Contains("CDEF:total=c0x4,v1,ADDNAN,v2,ADDNAN,v4,ADDNAN"));
    EXPECT_THAT(all, Not(Contains(HasSubstr("far"))));
}

TEST(MuninGraphs, HaveLinesAndScales) {
    const auto graph = pages(
                           "graph_args --base 1024 -l 0 --upper-limit=100 --rigid --font X:9:y "
                           "--imginfo=x\ngraph_vlabel per ${graph_period}\na.line 90:ff0000:a:b\n"
                           "b.line x\n")
                           .graphs.at(0);
    EXPECT_EQ(graph.base, 1024);
    EXPECT_EQ(graph.lower, 0);
    EXPECT_EQ(graph.upper, 100);
    EXPECT_TRUE(graph.rigid);
    EXPECT_EQ(graph.label, "per second");
    EXPECT_EQ(graph.lines.back(), "HRULE:90#ff0000:a\\:b\\l");
    for (const std::string& line : graph.lines) EXPECT_THAT(line, Not(HasSubstr("font")));
    const auto logarithmic = pages("graph_args -o -l 0 -u 5\na.label x\n").graphs.at(0);
    EXPECT_TRUE(logarithmic.logarithmic);
    EXPECT_EQ(logarithmic.lower, std::nullopt);
    EXPECT_EQ(logarithmic.upper, 5);
}

TEST(MuninGraphs, AreGroupsOfTheirOwn) {
    const PluginPages made = pages(
        "multigraph d\ngraph_title Disks\ngraph_category disk\na.label a\nmultigraph d.sda\n"
        "a.label a\nmultigraph hidden\ngraph no\na.label a\nmultigraph empty\ngraph_title x\n");
    ASSERT_EQ(made.groups.size(), 2U);
    EXPECT_EQ(made.groups[0].label, "Disks (disk)");
    EXPECT_THAT(made.groups[1].graphs, ElementsAre("d.sda"));
    EXPECT_EQ(root_of("d.sda"), "d");
    EXPECT_EQ(root_of("d"), "d");
}

TEST(MuninGraphs, AreReadByTheServerWhateverTheySay) {
    const std::vector<std::string> values = {"",
                                             "no",
                                             "a",
                                             "b",
                                             "a,8,*",
                                             "a b",
                                             "STACK",
                                             "AREA",
                                             "LINE0",
                                             "LINESTACK3",
                                             "AREASTACK",
                                             "LINE99",
                                             "DERIVE",
                                             "0",
                                             "-1",
                                             "U",
                                             "1e300",
                                             "COLOUR5",
                                             "ff0000",
                                             "#00ff0080",
                                             "10:x:y",
                                             "5:00ff00:<b>{{x}}",
                                             "\"quoted\" \\ : % %n",
                                             "-l 5 -u 3 -o -r",
                                             "--base 1024 --logarithmic",
                                             "-l",
                                             "PREV",
                                             "a,b,+,*",
                                             "%5.2lf",
                                             "\xe6\x97\xa5\xe6\x9c\xac",
                                             "minute",
                                             "{{",
                                             "--font X:9"};
    const std::vector<std::string> names = {
        "graph_title", "graph_args",  "graph_vlabel", "graph_order", "graph_period", "graph_printf",
        "graph_scale", "graph_total", "a.label",      "a.draw",      "a.colour",     "a.cdef",
        "a.negative",  "a.sum",       "a.line",       "a.type",      "a.min",        "a.max",
        "b.label",     "b.draw",      "b.cdef",       "b.negative",  "b.sum",        "b.graph",
        "c.draw",      "c.negative",  "multigraph"};
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) {
            text += names[random() % names.size()] + ' ' + values[random() % values.size()] + '\n';
        }
        const std::string error = trial(text);
        // An expression may be none that can be computed; then that graph says so.
        const bool is_expression = error.contains("rpn") || error.contains("RPN") ||
                                   error.contains("expression") || error.contains("stack");
        EXPECT_TRUE(error.empty() || is_expression) << error << '\n' << text;
    }
}

}  // namespace
}  // namespace kurabe::collectors::munin
