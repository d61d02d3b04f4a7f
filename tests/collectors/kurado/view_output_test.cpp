// What view scripts print.
#include "collectors/kurado/view_output.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/kurado/json_text.hpp"

namespace kurabe::collectors::kurado {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr ViewPlace kPlace{.host = "10.0.0.1", .plugin = "cache:11211", .name = "cache"};

PageGraph graph(std::string_view output) {
    std::vector<std::string> complaints;
    PageGraph read = read_view_graph(output, "g", kPlace, complaints);
    EXPECT_THAT(complaints, IsEmpty());
    return read;
}

TEST(ViewList, HasGroupsBadgesAndGraphs) {
    const auto groups = read_view_list(
        "// a comment\nfirst\n#Cache (11211)\tversion\t1.4\tuptime\tup 3 days\todd\nusage\r\n\n"
        " rate \nusage\n#\nlast\n#Empty\traw\t>||<b>x</b>\n");
    ASSERT_EQ(groups.size(), 4U);
    EXPECT_EQ(groups[0].label, "");
    EXPECT_THAT(groups[0].graphs, ElementsAre("first"));
    EXPECT_EQ(groups[1].label, "Cache (11211)");
    EXPECT_THAT(groups[1].badges, ElementsAre(Pair("version", "1.4"), Pair("uptime", "up 3 days")));
    EXPECT_THAT(groups[1].graphs, ElementsAre("usage", "rate"));
    EXPECT_THAT(groups[2].graphs, ElementsAre("last"));
    EXPECT_THAT(groups[3].badges, ElementsAre(Pair("raw", "<b>x</b>")));
    EXPECT_THAT(groups[3].graphs, IsEmpty());
}

TEST(ViewList, HasLimits) {
    std::string output;
    for (int i = 0; i < 500; ++i) output += "#g\ngraph" + std::to_string(i) + "\n";
    output += std::string(200, 'x') + "\n";
    std::size_t graphs = 0;
    const auto groups = read_view_list(output);
    for (const ViewGroup& group : groups) graphs += group.graphs.size();
    EXPECT_EQ(graphs, kViewGraphsMax);
    EXPECT_LE(groups.size(), kViewGraphsMax);
    EXPECT_THAT(read_view_list(""), IsEmpty());
}

TEST(ViewGraph, HasLabelAndStatements) {
    const PageGraph read = graph(
        "// comment\n\n# another\nBytes/s \nDEF:a=<%RRD rx.derive %>:num:AVERAGE\n"
        "  DEF:b=<%RRD_FOR a:b.gauge%>:x:MAX\nCDEF:c=a,8,*\nAREA:c#00C000:In<%= x %>\n"
        "GPRINT:c:LAST:%6.2lf\\:%s\\l\nLINE:100\n");
    EXPECT_EQ(read.label, "Bytes/s");
    EXPECT_EQ(read.lower, 0);
    EXPECT_EQ(read.upper, 2);
    EXPECT_THAT(read.lines, ElementsAre("DEF:a=rx.derive:n:AVERAGE", "DEF:b=a\\:b.gauge:n:MAX",
                                        "CDEF:c=a,8,*", "AREA:c#00C000:In<%= x %>",
                                        "GPRINT:c:LAST:%6.2lf\\:%s\\l", "LINE:100"));
}

TEST(ViewGraph, IsCalledAsItsPluginWithoutLabel) {
    const PageGraph read = graph("DEF:a=<%RRD x.gauge %>:n:AVERAGE\nLINE1:a#000000\n");
    EXPECT_EQ(read.label, "cache");
    EXPECT_EQ(read.lines.size(), 2U);
    EXPECT_EQ(graph("CDEF:a=1\n").label, "cache");
}

TEST(ViewGraph, NamesOtherSeriesWhole) {
    const PageGraph read = graph(
        "x\nDEF:a=<%RRD_EXTEND base 10.0.0.2 load.gauge %>:n:AVERAGE\n"
        "DEF:b=<%RRD_EXTEND cache%3A11211 10.0.0.1 own.gauge %>:n:AVERAGE\nDEF:c=<%RRD%>:n:LAST\n");
    EXPECT_THAT(read.lines, ElementsAre("DEF:a=10.0.0.2/base/load.gauge:n:AVERAGE",
                                        "DEF:b=own.gauge:n:AVERAGE", "DEF:c=<%RRD%>:n:LAST"));
}

TEST(ViewGraph, LeavesOutWhatIsNoStatement) {
    std::vector<std::string> complaints;
    const PageGraph read = read_view_graph(
        "label\n--font\nLINE1:a#000000\nnonsense\n@/etc/passwd\n", "g", kPlace, complaints);
    EXPECT_THAT(read.lines, ElementsAre("LINE1:a#000000"));
    ASSERT_EQ(complaints.size(), 3U);
    EXPECT_EQ(complaints[0], "graph g: '--font' is no statement of rrdtool's graph language");
}

TEST(JsonObjects, AreNestedTexts) {
    JsonObject json;
    EXPECT_EQ(json.text(), "{}");
    json.set({"MySQL", "user"}, "watch");
    json.set({"MySQL", "deep", "x"}, "a\"\\\n\xff\xe3\x81\x82");
    json.set({"MySQL", "user", "below"}, "is passed over");
    json.set({"MySQL"}, "is passed over, too");
    json.set({"plain"}, "1");
    EXPECT_EQ(json.text(),
              "{\"MySQL\":{\"deep\":{\"x\":\"a\\\"\\\\\\u000a?\xe3\x81\x82\"},\"user\":\"watch\"},"
              "\"plain\":\"1\"}");
}

}  // namespace
}  // namespace kurabe::collectors::kurado
