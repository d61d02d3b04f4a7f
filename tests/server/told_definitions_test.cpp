// Pages of plugins that hosts define themselves: drawn as a file's are, and no more than that.
#include "server/told_definitions.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "collectors/plugin_text.hpp"
#include "tests/server/html_scan.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using collectors::PluginPages;
using testing::HasSubstr;
using testing::Not;

PluginPages pages_of(const std::string& label, const std::string& series) {
    return {.plugin = "weather",
            .groups = {{label, {"wind"}}},
            .graphs = {{.key = "wind",
                        .label = label,
                        .lines = {"DEF:a=" + series + ":n:AVERAGE",
                                  "LINE1:a#0072B2:" + collectors::graph_text(label),
                                  "GPRINT:a:LAST:%6.2lf " + collectors::graph_text(label, true)}}}};
}

class ToldDefinitionsOnPages : public SiteFixture {
  protected:
    static constexpr std::string_view kGraph =
        "/graph?address=10.0.0.1&plugin_identifier=weather:x&graph=wind";

    void open_weather() {
        write("rolls/weather.yml",
              "metrics:\n- base\n- weather:x\nmetrics_config:\n  My: { secret: canary }\n");
        open(
            "---\nservice: s\nservers:\n- roll: weather.yml\n  hosts: [ 10.0.0.1 a ]\n"
            "- roll: base.yml\n  hosts: [ 10.0.0.2 b ]\n");
        report_base("10.0.0.1");
        store_.series_values[{"10.0.0.1", "weather:x", "wind.gauge"}] = 3;
        store_.series_values[{"10.0.0.2", "base", "loadavg-1.gauge"}] = 4;
    }
    void tell(const std::string& definition, const std::string& key = "definition") {
        collectors::Report given;
        given.batch.host = "10.0.0.1";
        given.meta = {{"weather:x", key, definition}};
        report(given);
    }
    [[nodiscard]] std::string page() { return get("/server?address=10.0.0.1").body; }
};

TEST_F(ToldDefinitionsOnPages, AreShownAndDrawn) {
    open_weather();
    EXPECT_THAT(page(), AllOf(HasSubstr("graph=wind"), Not(HasSubstr("Wind [m/s]"))))
        << "drawn by its name";
    tell(plugin_text(pages_of("Wind [m/s]: 50%", "wind.gauge")));
    EXPECT_THAT(page(), HasSubstr("Wind [m/s]: 50%"));
    EXPECT_THAT(page(), HasSubstr("graph=wind"));
    const Response graph = get(kGraph);
    EXPECT_EQ(graph.status, 200);
    EXPECT_EQ(graph.content_type, "image/png");
    EXPECT_THAT(get(std::string(kGraph) + "&format=svg").body, HasSubstr("<svg"));
    EXPECT_EQ(get("/graph?address=10.0.0.1&plugin_identifier=weather:x&graph=x").status, 404);
}

TEST_F(ToldDefinitionsOnPages, GiveWayToAFile) {
    write("plugins/weather.yml",
          "plugin: weather\ngroups:\n- { label: From the file, graphs: [ wind ] }\ngraphs:\n"
          "  wind: { definition: 'DEF:a=10.0.0.2/base/loadavg-1.gauge:n:AVERAGE' }\n");
    open_weather();
    tell(plugin_text(pages_of("From the host", "wind.gauge")));
    EXPECT_THAT(page(), HasSubstr("From the file"));
    EXPECT_THAT(page(), Not(HasSubstr("From the host")));
    EXPECT_EQ(get(kGraph).status, 200) << "a file may name other hosts' series";
}

TEST_F(ToldDefinitionsOnPages, ManyStandInOrderOfTheirKeys) {
    open_weather();
    PluginPages rain = pages_of("Rain", "rain.gauge");
    rain.groups[0].graphs = {"rain"};
    rain.graphs[0].key = "rain";
    tell(plugin_text(pages_of("Wind", "wind.gauge")), "definition.b");
    tell(plugin_text(rain), "definition.a");
    tell("graphs: [", "definition.c");
    tell(plugin_text(pages_of("Gone", "wind.gauge")), "definition.d");
    tell("", "definition.d");
    tell(plugin_text(pages_of("No definition", "wind.gauge")), "definitions");
    const std::string shown = page();
    EXPECT_LT(shown.find("Rain"), shown.find("Wind"));
    EXPECT_THAT(shown, HasSubstr("definition.c"));
    EXPECT_THAT(shown, Not(HasSubstr("Gone")));
    EXPECT_THAT(shown, Not(HasSubstr("No definition")));
    EXPECT_EQ(get("/graph?address=10.0.0.1&plugin_identifier=weather:x&graph=rain").status, 200);
    EXPECT_EQ(get(kGraph).status, 200);
}

TEST_F(ToldDefinitionsOnPages, ReachTheirOwnSeriesAlone) {
    open_weather();
    for (const char* series : {"10.0.0.2/base/loadavg-1.gauge", "10.0.0.1/base/loadavg-1.gauge",
                               "/etc/passwd", "../x"}) {
        tell(plugin_text(pages_of("Wind", series)));
        EXPECT_EQ(get(kGraph).status, 400) << series;
        EXPECT_EQ(get(kGraph).content_type, "image/png") << series;
    }
}

TEST_F(ToldDefinitionsOnPages, TakeNothingButPages) {
    open_weather();
    const auto with = [](const char* more, const char* label, const char* line) {
        return std::string("{\"plugin\": x, ") + more + "\"groups\": [{\"label\": " + label +
               ", \"graphs\": [wind]}], " + "\"graphs\": {\"wind\": {\"definition\": " + line +
               "}}}";
    };
    const char* const line = "\"LINE1:0#000000\"";
    tell(with("", "Fine", line));
    EXPECT_THAT(page(), HasSubstr("Fine"));
    for (const std::string& wrong :
         {with("arguments: [{p: {type: word, config: My.secret}}], ", "\"X{{p}}\"", line),
          with("fetch: {}, ", "X", line), with("", "X", "\"--font\\nDEFAULT:30:x\""),
          with("", "X", "\"@/etc/passwd\""), with("", "\"{{p}}\"", line),
          std::string("plugin: x\ngraphs: &a [*a]\n"), std::string(5000, '['),
          std::string("plugin: x\ngroups: []\ngraphs: {}\n---\nplugin: y\n")}) {
        tell(wrong);
        const std::string shown = page();
        EXPECT_THAT(shown, HasSubstr("<b>definition</b>")) << wrong;
        EXPECT_THAT(shown, Not(HasSubstr("canary"))) << wrong;
        EXPECT_EQ(get(kGraph).status, 404) << wrong;
    }
}

TEST_F(ToldDefinitionsOnPages, HaveLimits) {
    open_weather();
    PluginPages many = pages_of("Wind", "wind.gauge");
    many.groups[0].graphs.assign(kToldGraphsMax + 5, "wind");
    tell(plugin_text(many));
    const ToldPages told =
        ToldDefinitions().pages(metadata_->meta("10.0.0.1", "weather:x").value());
    ASSERT_EQ(told.groups.size(), 1U);
    EXPECT_EQ(told.groups[0].graphs.size(), kToldGraphsMax);
    ASSERT_EQ(told.mistakes.size(), 1U);
    EXPECT_THAT(told.mistakes[0].second, HasSubstr("more than 2000 graphs"));

    tell(plugin_text(pages_of("Good", "wind.gauge")));
    tell(plugin_text(pages_of(std::string(collectors::kDefinitionBytesMax, 'x'), "wind.gauge")));
    EXPECT_THAT(page(), HasSubstr("Good")) << "the one before is kept";
    EXPECT_THAT(page(), HasSubstr("more than the 262144 that are kept"));
}

TEST_F(ToldDefinitionsOnPages, TextsOfHostsAreNoMarkup) {
    open_weather();
    const auto elements = [this](const std::string& label) {
        tell(plugin_text(pages_of(label, "wind.gauge")));
        std::string names;
        const std::string body = page();
        const HtmlScan scan(body);
        for (const ScannedElement& element : scan.all()) names += element.name + ' ';
        EXPECT_EQ(get(kGraph).status, 200) << label;
        return names;
    };
    const std::string expected = elements("harmless");
    for (const char* text :
         {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</b><!--", "{{x}}",
          "{{{{x", "a\nDEF:b=x:n:AVERAGE", "\\", ":", "%n%s%lf", "\xff\xfe<b>", "--", "a\tb",
          ">||<b>raw</b>", "#ff0000", "'", "]}", "*a &b", "\xe3\x81\x82"}) {
        EXPECT_EQ(elements(text), expected) << text;
    }
}

TEST(ToldDefinitions, AreParsedOnceAndForgottenWhenTheyAreMany) {
    ToldDefinitions told;
    const std::string text = plugin_text(pages_of("N" + std::string(200'000, 'x'), "wind.gauge"));
    const std::size_t number = text.find("Nx");
    ASSERT_NE(number, std::string::npos);
    for (int i = 0; i < 50; ++i) {
        std::string own = text;
        own.replace(number, 1, std::to_string(i));
        const MetaMap meta{{"definition", own}};
        EXPECT_EQ(told.pages(meta).groups.size(), 1U);
        EXPECT_TRUE(told.graph("wind", meta));
    }
}

// What a page is made of, in bytes.
std::size_t bytes_of(const ToldPages& pages) {
    std::size_t bytes = 0;
    for (const GraphGroup& group : pages.groups) {
        bytes += group.label.size();
        for (const Badge& badge : group.badges) bytes += badge.key.size() + badge.value.size();
        for (const std::string& key : group.graphs) bytes += key.size();
    }
    return bytes;
}

TEST(ToldDefinitions, AreNotFilledBeyondTheirLimits) {
    std::string items;
    for (int i = 0; i < 1000; ++i) items += std::to_string(i) + ",";
    const std::string begin =
        R"({"plugin": "p", "graphs": {"g": {"definition": "LINE1:0#000000"}},)"
        R"( "groups": [{"each": {"d": "list"}, "label": "L", )";
    std::string keys;
    for (int i = 0; i < 20'000; ++i) keys += "g,";
    std::string badges;
    for (int i = 0; i < 2000; ++i) badges += fmt::format("{{meta: big, label: b{}}},", i);
    for (const std::string& rest :
         {R"("graphs": [)" + keys + "g]}]}", R"("badges": [)" + badges + "]}]}",
          std::string(R"("graphs": []}, {"each": {"d": "list"}, "label": "L"},)"
                      R"({"each": {"d": "list"}, "label": "L"}]})")}) {
        const MetaMap meta{
            {"definition", begin + rest}, {"list", items}, {"big", std::string(60'000, 'x')}};
        const ToldPages pages = ToldDefinitions().pages(meta);
        ASSERT_EQ(pages.mistakes.size(), 1U) << rest.substr(0, 100);
        EXPECT_THAT(pages.mistakes[0].second, HasSubstr("more than 2000 graphs, 2000 groups"));
        EXPECT_LE(pages.groups.size(), kToldGroupsMax);
        EXPECT_LE(bytes_of(pages), kToldPageBytesMax);
    }
}

TEST(ToldDefinitions, HaveFewNodesAndShortValues) {
    std::string leaves;
    for (std::size_t i = 0; i < kToldNodesMax; ++i) leaves += "0,";
    const ToldPages many = ToldDefinitions().pages({{"definition", "[" + leaves + "]"}});
    ASSERT_EQ(many.mistakes.size(), 1U);
    EXPECT_THAT(many.mistakes[0].second, HasSubstr("more than 50000 nodes"));
    const ToldPages cut = ToldDefinitions().pages(
        {{"definition",
          "{plugin: p, groups: [{let: {v: big}, label: '{{v}}', graphs: [g]}],"
          " graphs: {g: {definition: 'LINE1:0#000000'}}}"},
         {"big", std::string(60'000, 'x')}});
    ASSERT_EQ(cut.groups.size(), 1U) << cut.mistakes[0].second;
    EXPECT_EQ(cut.groups[0].label.size(), kToldValueBytesMax);
}

TEST(ToldDefinitions, AreReadUpToANumber) {
    MetaMap meta;
    for (std::size_t i = 0; i <= kToldTextsMax; ++i) {
        meta["definition." + std::to_string(i)] = plugin_text(pages_of("a", "wind.gauge"));
    }
    const ToldPages pages = ToldDefinitions().pages(meta);
    EXPECT_EQ(pages.groups.size(), kToldTextsMax);
    ASSERT_EQ(pages.mistakes.size(), 1U);
    EXPECT_THAT(pages.mistakes[0].second, HasSubstr("more than 1000 definitions"));
}

TEST(GraphScales, AreReadAndChecked) {
    const auto parse = [](std::string_view scale) {
        return PluginDefinition::parse(
            fmt::format("plugin: p\ngraphs:\n  g: {{ definition: 'LINE1:0#000000', scale: {} }}\n",
                        scale),
            "p.yml");
    };
    const auto scale = [&](std::string_view text) {
        auto definition = parse(text);
        EXPECT_TRUE(definition) << definition.error().message;
        return definition ? definition->graph("g", {}).value().scale : GraphScale{};
    };
    EXPECT_EQ(scale("{}").upper, 2);
    const GraphScale given = scale("{ lower: -1.5, upper: auto, base: 1024, rigid: true }");
    EXPECT_EQ(given.lower, -1.5);
    EXPECT_EQ(given.upper, std::nullopt);
    EXPECT_EQ(given.base, 1024);
    EXPECT_TRUE(given.rigid);
    EXPECT_EQ(scale("{ logarithmic: true }").lower, std::nullopt);
    for (const char* wrong :
         {"{ lower: x }", "{ lower: inf }", "{ upper: nan }", "{ upper: 1e300 }", "{ lower: 2 }",
          "{ base: 10 }", "{ rigid: yes }", "{ logarithmic: true, lower: 0 }", "{ font: x }", "x",
          "{ lower: '1 --font x' }"}) {
        EXPECT_FALSE(parse(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace kurabe::server
