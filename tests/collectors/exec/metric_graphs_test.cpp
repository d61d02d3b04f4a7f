// Graphs of names, and Mackerel's definitions.
#include "collectors/exec/metric_graphs.hpp"

#include <random>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/exec/system_graphs.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::collectors::exec {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kBegins = "# mackerel-agent-plugin version=1\n";

std::vector<MackerelGraph> meta(const std::string& json) {
    const auto read = read_mackerel_meta(kBegins + json);
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(std::vector<MackerelGraph>{});
}

std::vector<std::string> drawing(const PageGraph& graph) {
    auto lines = graph.lines;
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("GPRINT"); });
    return lines;
}

TEST(MackerelMeta, IsReadFromItsJson) {
    const auto graphs =
        meta(R"({"graphs":{"super.dice":{"label":"My Dice","unit":"integer","metrics":[)"
             R"({"name":"d6","label":"Die d6","stacked":false},)"
             R"({"name":"d20","label":"Die d20","stacked":true}]},)"
             R"("a/b":{"label":"Slash"}},"other":1})");
    ASSERT_EQ(graphs.size(), 2U);
    EXPECT_EQ(graphs[0].name, "a/b");
    EXPECT_EQ(graphs[1].name, "super.dice");
    EXPECT_EQ(graphs[1].label, "My Dice");
    EXPECT_EQ(graphs[1].unit, "integer");
    ASSERT_EQ(graphs[1].metrics.size(), 2U);
    EXPECT_EQ(graphs[1].metrics[0].label, "Die d6");
    EXPECT_TRUE(graphs[1].metrics[1].stacked);
}

TEST(MackerelMeta, SaysWhatIsWrong) {
    EXPECT_THAT(read_mackerel_meta("{}").error().message, HasSubstr("do not begin with"));
    EXPECT_FALSE(read_mackerel_meta(std::string(kBegins) + "{"));
    EXPECT_FALSE(read_mackerel_meta(kBegins + std::string(300'000, ' ')));
    EXPECT_FALSE(read_mackerel_meta(kBegins + std::string(100'000, '[')));
    EXPECT_THAT(meta("{}"), IsEmpty());
    EXPECT_THAT(meta(R"({"graphs":[1,2]})").size(), 2U);
    EXPECT_TRUE(read_mackerel_meta(std::string(kBegins) +
                                   R"({"graphs":{"a":{"metrics":{"0":{"name":"x"},"x":1}}}})"));
}

TEST(MetricGraphs, AreThoseThatAreDefinedThenTheOthers) {
    const auto graphs =
        meta(R"({"graphs":{"d":{"label":"D","unit":"bytes","metrics":[)"
             R"({"name":"b","label":"B:","stacked":true},)"
             R"({"name":"a","stacked":true}]},"none":{"metrics":[{"name":"x"}]}}})");
    const PluginPages pages = pages_of(
        "p", {"d.a.gauge", "d.b.gauge", "e.f.g.gauge", "e.f.h.derive", "alone.gauge"}, graphs);
    ASSERT_EQ(pages.graphs.size(), 3U);
    EXPECT_EQ(pages.groups[0].label, "D");
    EXPECT_EQ(pages.graphs[0].base, 1024);
    EXPECT_THAT(drawing(pages.graphs[0]),
                ElementsAre("DEF:v0=d.b.gauge:n:AVERAGE", "AREA:v0#0072b2:B\\:",
                            "DEF:v1=d.a.gauge:n:AVERAGE", "AREA:v1#e69f00:a :STACK"));
    EXPECT_EQ(pages.graphs[1].key, "alone");
    EXPECT_EQ(pages.graphs[2].key, "e.f");
    EXPECT_THAT(drawing(pages.graphs[2]),
                ElementsAre("DEF:v0=e.f.g.gauge:n:AVERAGE", "LINE1:v0#0072b2:g",
                            "DEF:v1=e.f.h.derive:n:AVERAGE", "LINE1:v1#e69f00:h"));
}

// As "echo -e fork.derive" of a shell that has no "-e" names it; and of people who write Japanese.
TEST(MetricGraphs, AreOfNamesWithBlanksColonsAndLettersOfAnyKind) {
    const PluginPages pages =
        pages_of("p",
                 {"-e fork.derive", "tcp:22.gauge", "温度.室内.gauge", "50%.gauge",
                  "no\\where.gauge", "no{{where}}.gauge", "\xff.gauge"},
                 {});
    std::vector<std::string> keys;
    for (const PageGraph& graph : pages.graphs) keys.push_back(graph.key);
    ASSERT_THAT(keys, ElementsAre("-e fork", "50%", "tcp:22", "温度"));
    EXPECT_THAT(drawing(pages.graphs[0]),
                ElementsAre("DEF:v0=-e fork.derive:n:AVERAGE", "LINE1:v0#0072b2:-e fork"));
    EXPECT_THAT(drawing(pages.graphs[2]),
                ElementsAre("DEF:v0=tcp\\:22.gauge:n:AVERAGE", "LINE1:v0#0072b2:tcp\\:22"));
    const auto definition =
        server::PluginDefinition::parse(plugin_text(pages), "p", server::PluginAuthor::kHost);
    EXPECT_TRUE(definition) << definition.error().message;
}

TEST(MetricGraphs, NoneIsLeftOutForItsName) {
    const auto graphs =
        meta(R"({"graphs":{"d":{"metrics":[{"name":"a"}]},"x.#":{"metrics":[{"name":"v"}]},)"
             R"("x.*":{"metrics":[{"name":"w"}]}}})");
    const PluginPages pages =
        pages_of("p", {"d.a.gauge", "d.b.gauge", "x.1.v.gauge", "x.1.w.gauge"}, graphs);
    std::set<std::string> keys;
    for (const PageGraph& graph : pages.graphs) keys.insert(graph.key);
    EXPECT_THAT(keys, ElementsAre("d", "d-2", "x._", "x._-2"));
}

TEST(MetricGraphs, ExpandWildcards) {
    const auto graphs =
        meta(R"({"graphs":{"cpu.#":{"label":"CPU","unit":"percentage","metrics":[)"
             R"({"name":"user","label":"%1 user"},{"name":"system","label":"system"}]},)"
             R"("req":{"metrics":[{"name":"*","label":""}]}}})");
    const PluginPages pages = pages_of(
        "p", {"cpu.a.user.gauge", "cpu.b.user.gauge", "cpu.a.system.gauge", "req.x.gauge"}, graphs);
    ASSERT_EQ(pages.graphs.size(), 2U);
    EXPECT_EQ(pages.graphs[0].key, "cpu._");
    EXPECT_THAT(drawing(pages.graphs[0]), Contains("LINE1:v0#0072b2:a user  "));
    EXPECT_THAT(drawing(pages.graphs[0]), Contains("LINE1:v1#e69f00:b user  "));
    EXPECT_THAT(drawing(pages.graphs[0]), Contains("LINE1:v2#009e73:a system"));
    EXPECT_THAT(drawing(pages.graphs[1]), Contains("LINE1:v0#0072b2:x"));
}

// Names as the agent posts them on Linux, of a kernel that tells what is available.
TEST(MackerelSystemGraphs, AreOneOfEachGroup) {
    const PluginPages pages = pages_of(
        "mackerel",
        {"loadavg1.gauge", "loadavg5.gauge", "loadavg15.gauge", "cpu.user.percentage.gauge",
         "cpu.idle.percentage.gauge", "memory.used.gauge", "memory.mem_available.gauge",
         "memory.total.gauge", "memory.active.gauge", "disk.sda.reads.delta.gauge",
         "disk.sdb.reads.delta.gauge", "disk.sda.writes.delta.gauge",
         "interface.eth0.rxBytes.delta.gauge", "interface.eth0.txBytes.delta.gauge",
         "filesystem.sda1.size.gauge", "filesystem.sda1.used.gauge", "custom.a.b.gauge"},
        mackerel_system_graphs());
    std::vector<std::string> labels;
    for (const PageGroup& group : pages.groups) labels.push_back(group.label);
    EXPECT_THAT(labels, ElementsAre("Load Average", "CPU", "Memory", "Disk IO", "Interface",
                                    "Filesystem", "custom.a"));
    EXPECT_THAT(drawing(pages.graphs[0]),
                ElementsAre("DEF:v0=loadavg1.gauge:n:AVERAGE", "LINE1:v0#0072b2:1 minute  ",
                            "DEF:v1=loadavg5.gauge:n:AVERAGE", "LINE1:v1#e69f00:5 minutes ",
                            "DEF:v2=loadavg15.gauge:n:AVERAGE", "LINE1:v2#009e73:15 minutes"));
    EXPECT_THAT(pages.graphs[0].lines, Contains("GPRINT:v0:LAST: Cur\\:%8.2lf"));
    EXPECT_THAT(drawing(pages.graphs[1]), Contains("AREA:v1#e69f00:idle:STACK"));
    EXPECT_EQ(pages.graphs[1].label, "%");
    EXPECT_THAT(drawing(pages.graphs[2]), Contains("AREA:v1#e69f00:available:STACK"));
    EXPECT_THAT(drawing(pages.graphs[2]), Contains("LINE1:v2#009e73:total    "));
    EXPECT_THAT(drawing(pages.graphs[2]), Contains("LINE1:v3#d55e00:active   "));
    EXPECT_EQ(pages.graphs[2].base, 1024);
    EXPECT_THAT(drawing(pages.graphs[3]), Contains("LINE1:v1#e69f00:sdb reads "));
    EXPECT_THAT(drawing(pages.graphs[3]), Contains("LINE1:v2#009e73:sda writes"));
    EXPECT_EQ(pages.graphs[4].label, "bytes/s");
}

// A wildcard in a name's first part leaves nothing out.
TEST(MetricGraphs, FindSeriesByAnyPartOfTheirNames) {
    const auto graphs = meta(R"({"graphs":{"*.b":{"label":"B","metrics":[{"name":"c"}]},)"
                             R"("a":{"label":"A","metrics":[{"name":"*.d"}]}}})");
    const PluginPages pages = pages_of("p", {"a.b.c.gauge", "a.x.d.gauge", "ab.d.gauge"}, graphs);
    ASSERT_EQ(pages.groups.size(), 3U);
    EXPECT_EQ(pages.groups[0].label, "B");
    EXPECT_EQ(pages.groups[1].label, "A");
    EXPECT_EQ(pages.groups[2].label, "ab");
}

TEST(MetricGraphs, AreReadByTheServerWhateverTheirTexts) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const std::vector<std::string> texts = {
        "a",    "b.c",   "#",       "*",         "%1",          "{{x}}", ":",
        "\\\\", "",      "..",      "a.#.*",     "<b>",         "\\\"",  "/~1",
        "-",    "bytes", "\\u0000", "a\\nDEF:x", "\xe3\x81\x82"};
    const auto any = [&] { return texts[random() % texts.size()]; };
    for (int round = 0; round < 500; ++round) {
        std::string json = R"({"graphs":{)";
        for (int i = 0; i < 3; ++i) {
            json += (i > 0 ? ",\"" : "\"") + any() + R"(":{"label":")" + any() + R"(","unit":")" +
                    any() + R"(","metrics":[{"name":")" + any() + R"(","label":")" + any() +
                    R"(","stacked":true},{"name":")" + any() + R"("}]})";
        }
        const auto graphs = read_mackerel_meta(kBegins + json + "}}");
        const PluginPages pages = pages_of(
            "p", {"a.gauge", "a.b.c.gauge", "b.c.a.gauge", "a:b.gauge", "a/b.gauge", "x y"},
            graphs.value_or(std::vector<MackerelGraph>{}));
        const auto definition =
            server::PluginDefinition::parse(plugin_text(pages), "p", server::PluginAuthor::kHost);
        EXPECT_TRUE(definition) << definition.error().message << json;
    }
}

}  // namespace
}  // namespace kurabe::collectors::exec
