// Plugin files: how groups and graphs are filled from the meta, and which mistakes are found.
#include "server/plugin_definition.hpp"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/text_template.hpp"
#include "tests/server/case_name.hpp"
#include "tests/server/documented_example.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {
namespace {

using collectors::TextTemplate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kSampleDefinition = R"(plugin: sample
groups:
- label: Traffic({{device}})
  each: { device: interfaces }
  empty: { label: Traffic, warn: no interfaces }
  graphs: [ "traffic-{{device}}" ]
- label: Disk({{mount}}{{swap}})
  each: { device: disks }
  let:
    mount: { meta: "{{device}}-mount", else: "{{device}}" }
    swap: { listed-in: swaps, then: -swap }
  graphs: [ "io-{{device}}", "io-count-{{device}}" ]
- badges: [ version, { meta: uptime, as: uptime } ]
  graphs: [ load ]
graphs:
  load:
    label: Load
    definition: |
      # a comment
      DEF:a=load.gauge:n:AVERAGE

      // another
        LINE1:a#00C000:Load  
      GPRINT:a:LAST:%6.2lf\l
  traffic-{{device}}:
    label: Bytes of {{device}}
    definition: |
      DEF:in=traffic-{{device}}-rx.derive:n:AVERAGE
      AREA:in#00C000
  io-{{device}}:
    let: { mount: "{{device}}-mount" }
    label: "{{mount}}"
    definition: |
      DEF:a=io-{{device}}.derive:n:AVERAGE
      LINE1:a#000000:at {{mount}}
      GPRINT:a:LAST:{{mount}} %lf
  io-count-{{device}}:
    definition: "DEF:a=c-{{device}}.derive:n:AVERAGE"
)";

PluginDefinition sample() {
    auto definition = PluginDefinition::parse(kSampleDefinition, "sample.yml");
    EXPECT_TRUE(definition.has_value()) << definition.error().message;
    return *std::move(definition);
}

std::vector<std::string> labels_of(const std::vector<GraphGroup>& groups) {
    std::vector<std::string> labels;
    for (const GraphGroup& group : groups) labels.push_back(group.label);
    return labels;
}

TEST(PluginDefinition, ExpandsOneGroupPerItem) {
    const auto groups = sample().groups({{"interfaces", "eth0,eth1.66"},
                                         {"disks", "sda, sdb"},
                                         {"sda-mount", "/"},
                                         {"swaps", "sdb"}});
    EXPECT_THAT(labels_of(groups),
                ElementsAre("Traffic(eth0)", "Traffic(eth1.66)", "Disk(/)", "Disk(sdb-swap)", ""));
    EXPECT_THAT(groups[1].graphs, ElementsAre("traffic-eth1.66"));
    EXPECT_THAT(groups[3].graphs, ElementsAre("io-sdb", "io-count-sdb"));
    EXPECT_THAT(groups[4].graphs, ElementsAre("load"));
}

TEST(PluginDefinition, AMissingListIsAGroupWithAWarning) {
    const auto groups = sample().groups({});
    ASSERT_THAT(labels_of(groups), ElementsAre("Traffic", "")) << "no 'empty', no group";
    ASSERT_EQ(groups[0].badges.size(), 1U);
    EXPECT_EQ(groups[0].badges[0].key, "warn");
    EXPECT_EQ(groups[0].badges[0].value, "no interfaces");
    EXPECT_THAT(groups[0].graphs, IsEmpty());
}

TEST(PluginDefinition, ItemsThatAreNoDeviceNamesAreNotUsed) {
    const auto groups = sample().groups(
        {{"interfaces", "a/b,<b>,eth0,,eth0,{{device}},e:1,\xE6\xAF\x94"}, {"disks", "../x"}});
    EXPECT_THAT(labels_of(groups), ElementsAre("Traffic(eth0)", ""));
}

TEST(PluginDefinition, ShowsAtMostALimitOfItems) {
    std::string list;
    for (std::size_t item = 0; item < kGroupItemsMax + 10; ++item) {
        list += "e" + std::to_string(item) + ",";
    }
    EXPECT_EQ(sample().groups({{"interfaces", list}}).size(), kGroupItemsMax + 1);
}

TEST(PluginDefinition, BadgesAreThoseThatTheMetaHas) {
    const auto badges_of = [](const MetaMap& meta) {
        std::string text;
        const auto groups = sample().groups(meta);
        for (const Badge& badge : groups.back().badges) {
            text += badge.key + "=" + badge.value + ";";
        }
        return text;
    };
    EXPECT_EQ(badges_of({}), "");
    EXPECT_EQ(badges_of({{"uptime", "273930"}, {"version", "Linux <6>"}}),
              "version=Linux <6>;uptime=up 3 days,  4:05;");
    EXPECT_EQ(badges_of({{"uptime", "59.9"}}), "uptime=up 0 days,  0:00;");
    for (const char* odd : {"", "soon", "-1", "nan", "inf", "1e300", "12 "}) {
        EXPECT_EQ(badges_of({{"uptime", odd}}), std::string("uptime=") + odd + ";");
    }
}

TEST(PluginDefinition, GraphHasItsLinesWithoutComments) {
    const auto graph = sample().graph("load", {});
    ASSERT_TRUE(graph.has_value());
    EXPECT_EQ(graph->vertical_label, "Load");
    EXPECT_THAT(graph->arguments, ElementsAre("DEF:a=load.gauge:n:AVERAGE", "LINE1:a#00C000:Load  ",
                                              "GPRINT:a:LAST:%6.2lf\\l"))
        << "blanks at the end belong to a legend";
}

TEST(PluginDefinition, GraphOfADeviceNeedsNoMeta) {
    const auto graph = sample().graph("traffic-eth9.1", {});
    ASSERT_TRUE(graph.has_value());
    EXPECT_EQ(graph->vertical_label, "Bytes of eth9.1");
    EXPECT_EQ(graph->arguments[0], "DEF:in=traffic-eth9.1-rx.derive:n:AVERAGE");
}

TEST(PluginDefinition, TheMostSpecificKeyWins) {
    EXPECT_EQ(sample().graph("io-count-sda", {})->arguments[0], "DEF:a=c-sda.derive:n:AVERAGE");
    EXPECT_EQ(sample().graph("io-counter", {})->arguments[0], "DEF:a=io-counter.derive:n:AVERAGE");
}

TEST(PluginDefinition, ValuesAreEscapedForTheirPlace) {
    const MetaMap meta{{"sda-mount", "/a:b\\l 50%\n{{device}}"}};
    const auto graph = sample().graph("io-sda", meta);
    ASSERT_TRUE(graph.has_value());
    EXPECT_EQ(graph->vertical_label, "/a:b\\l 50%\n{{device}}");
    EXPECT_EQ(graph->arguments[1], "LINE1:a#000000:at /a\\:b l 50% {{device}}");
    EXPECT_EQ(graph->arguments[2], "GPRINT:a:LAST:/a\\:b l 50%% {{device}} %lf");
}

TEST(PluginDefinition, UnknownGraphsAreNotFound) {
    for (const char* key : {"", "loads", "traffic-", "traffic-a/b", "traffic-a:b", "traffic-é"}) {
        const auto graph = sample().graph(key, {});
        ASSERT_FALSE(graph.has_value()) << key;
        EXPECT_EQ(graph.error().code, ErrorCode::kNotFound);
    }
    EXPECT_EQ(sample().graph("x", {}).error().message, "plugin 'sample' has no graph 'x'");
}

TEST(PluginDefinition, TheDocumentedExampleIsOne) {
    const auto definition = PluginDefinition::parse(documented_example("plugins.md"), "plugins.md");
    ASSERT_TRUE(definition.has_value()) << definition.error().message;
    EXPECT_EQ(definition->groups({{"disk-io-devices", "sda,sdb"}}).size(), 3U);
}

struct WrongDefinition {
    std::string_view text;
    std::string_view begins;

    friend void PrintTo(const WrongDefinition& given, std::ostream* output) {
        print_case_name(*output, given.text, given.begins);
    }
};

class PluginWrong : public testing::TestWithParam<WrongDefinition> {};

TEST_P(PluginWrong, IsRefusedWithItsLine) {
    const auto definition = PluginDefinition::parse(GetParam().text, "p.yml");
    ASSERT_FALSE(definition.has_value());
    EXPECT_THAT(tests::without_columns(definition.error().message), StartsWith(GetParam().begins));
}

#define GRAPH "plugin: p\ngraphs:\n  g: { definition: 'LINE1:a#000000' }\n"
#define DEVICE GRAPH "  d-{{x}}: { definition: 'LINE1:a#000000' }\ngroups:\n"
INSTANTIATE_TEST_SUITE_P(
    PluginDefinition, PluginWrong,
    testing::Values(
        WrongDefinition{"", "p.yml:1: a plugin file must be one document, not 0"},
        WrongDefinition{"- a\n",
                        "p.yml:1: a plugin file must be a mapping (key: value), not a list"},
        WrongDefinition{"graphs: {}\n",
                        "p.yml:1: missing 'plugin' in a plugin file; name it as its file"},
        WrongDefinition{"plugin: p\n", "p.yml:1: missing 'graphs'; define at least one"},
        WrongDefinition{"plugin: p\ngraphs:\n- a\n",
                        "p.yml:3: 'graphs' must be a mapping (key: value)"},
        WrongDefinition{GRAPH "odd: 1\n", "p.yml:4: unknown key 'odd' in a plugin file"},
        WrongDefinition{GRAPH "  g: { definition: x }\n", "p.yml:4: duplicate key 'g'"},
        WrongDefinition{GRAPH "  h: { label: x }\n",
                        "p.yml:4: missing 'definition' in graph 'h'; give"},
        WrongDefinition{GRAPH "  h: { definition: 'LINE1:a#0', odd: 1 }\n",
                        "p.yml:4: unknown key 'odd' in graph 'h'"},
        WrongDefinition{
            GRAPH "  h:\n    definition: |\n      LINE1:a#0\n      LINES:b\n",
            "p.yml:5: line 2 of the definition: 'LINES:b' is no statement of rrdtool's graph"},
        WrongDefinition{
            GRAPH "  h:\n    definition: |\n      LINE1:a#0\n      COMMENT:{{who}}\n",
            "p.yml:5: line 2 of the definition: unknown placeholder '{{who}}'; define it with"},
        WrongDefinition{
            GRAPH "  h: { definition: 'COMMENT:{{who' }\n",
            "p.yml:4: line 1 of the definition: malformed placeholder '{{who'; write {{name}}"},
        WrongDefinition{GRAPH "  h: { label: '{{who}}', definition: 'COMMENT:' }\n",
                        "p.yml:4: unknown placeholder '{{who}}'"},
        WrongDefinition{GRAPH "  'h{{a}}{{b}}': { definition: 'COMMENT:' }\n",
                        "p.yml:4: graph 'h{{a}}{{b}}' has more than one placeholder in its key"},
        WrongDefinition{
            GRAPH
            "  'h{{a}}': { definition: 'COMMENT:' }\n  'h{{b}}': { definition: 'COMMENT:' }\n",
            "p.yml:5: graph 'h{{b}}' differs from another one in its placeholder only"},
        WrongDefinition{GRAPH "  h: { let: { a: { listed-in: x } }, definition: 'COMMENT:' }\n",
                        "p.yml:4: 'listed-in' needs an item; it stands with 'each'"},
        WrongDefinition{DEVICE "- graphs: [ g, none ]\n",
                        "p.yml:6: unknown graph 'none'; define it below"},
        WrongDefinition{DEVICE "- graphs: [ 'd-{{x}}' ]\n", "p.yml:6: unknown placeholder '{{x}}'"},
        WrongDefinition{DEVICE "- each: { y: list }\n  graphs: [ 'e-{{y}}' ]\n",
                        "p.yml:7: unknown graph 'e-{{y}}'; define it below 'graphs'"},
        WrongDefinition{DEVICE "- label: '{{y}}'\n", "p.yml:6: unknown placeholder '{{y}}'"},
        WrongDefinition{DEVICE "- each: { y: a, z: b }\n", "p.yml:6: 'each' must have one entry"},
        WrongDefinition{DEVICE "- each: { y: a }\n  let: { y: b }\n",
                        "p.yml:7: placeholder 'y' is defined already"},
        WrongDefinition{DEVICE "- let: { y: { else: b } }\n",
                        "p.yml:6: 'let: y' needs 'meta: KEY' or"},
        WrongDefinition{DEVICE "- let: { y: { meta: b, odd: c } }\n",
                        "p.yml:6: unknown key 'odd' in"},
        WrongDefinition{DEVICE "- badges: [ { meta: a, as: hours } ]\n",
                        "p.yml:6: unknown 'as: hours'; it is 'uptime', 'bytes' or absent"},
        WrongDefinition{DEVICE "- badges: [ { as: uptime } ]\n",
                        "p.yml:6: missing 'meta' in a badge"},
        WrongDefinition{DEVICE "- empty: { label: a }\n",
                        "p.yml:6: missing 'warn' in 'empty'; say what"},
        WrongDefinition{DEVICE "- empty: nothing\n",
                        "p.yml:6: 'empty' must be a mapping (key: value)"},
        WrongDefinition{DEVICE "- lable: a\n", "p.yml:6: unknown key 'lable' in a group"},
        WrongDefinition{DEVICE "- graphs: [ { when: x } ]\n",
                        "p.yml:6: missing 'graph' in a group's graph"},
        WrongDefinition{DEVICE "- graphs: [ { graph: g, if: x } ]\n",
                        "p.yml:6: unknown key 'if' in"},
        WrongDefinition{DEVICE "- when: [ a ]\n", "p.yml:6: 'when' must be text, not a list"}));

#define ARGUMENTS "plugin: p\ngraphs: { g: { definition: 'COMMENT:' } }\narguments:\n"

INSTANTIATE_TEST_SUITE_P(
    Arguments, PluginWrong,
    testing::Values(
        WrongDefinition{ARGUMENTS "- port\n",
                        "p.yml:4: an argument must be one entry: 'NAME: { type"},
        WrongDefinition{ARGUMENTS "- port: 80\n", "p.yml:4: argument 'port' must be a mapping"},
        WrongDefinition{ARGUMENTS "- port: {}\n",
                        "p.yml:4: missing 'type' in argument 'port'; it is port"},
        WrongDefinition{ARGUMENTS "- port: { type: number }\n",
                        "p.yml:4: unknown 'type: number'; it is"},
        WrongDefinition{ARGUMENTS "- port: { type: port, default: 0 }\n",
                        "p.yml:4: 'default: 0' is not of the argument's type"},
        WrongDefinition{ARGUMENTS "- path: { type: path, default: 'a b' }\n",
                        "p.yml:4: 'default: a b' is not of the argument's type"},
        WrongDefinition{
            ARGUMENTS "- a: { type: port, config: MySQL }\n",
            "p.yml:4: 'config: MySQL' must name a key of 'metrics_config' and one below it"},
        WrongDefinition{ARGUMENTS "- address: { type: host }\n",
                        "p.yml:4: 'address' cannot name an"},
        WrongDefinition{ARGUMENTS "- a: { type: port, x: y }\n",
                        "p.yml:4: unknown key 'x' in argument 'a'"},
        WrongDefinition{ARGUMENTS "- a: { type: port }\n- a: { type: host }\n",
                        "p.yml:5: argument 'a' is defined already"},
        WrongDefinition{ARGUMENTS "- a: { type: port }\ngroups:\n- each: { a: list }\n",
                        "p.yml:6: placeholder 'a' is an argument already"}));

TEST(PluginDefinition, ShowsWhatHoldsWithItsArguments) {
    const auto definition = PluginDefinition::parse(
        "plugin: p\ngraphs: { a: { definition: 'COMMENT:' }, b: { definition: 'COMMENT:' } }\n"
        "arguments: [ port: { type: port, default: 80 } ]\n"
        "groups:\n- label: at {{port}}\n  badges: [ { meta: size, as: bytes } ]\n"
        "  graphs: [ a, { graph: b, when: has-b } ]\n- label: more\n  when: has-more\n"
        "  graphs: [ a ]\n",
        "p.yml");
    ASSERT_TRUE(definition.has_value()) << definition.error().message;
    const auto none = definition->groups({{"has-b", "0"}, {"has-more", ""}}, {{"port", "8080"}});
    EXPECT_THAT(labels_of(none), ElementsAre("at 8080"));
    EXPECT_THAT(none[0].graphs, ElementsAre("a"));
    const auto all = definition->groups({{"has-b", "1"}, {"has-more", "yes"}, {"size", "1572864"}});
    EXPECT_THAT(labels_of(all), ElementsAre("at ", "more"));
    EXPECT_THAT(all[0].graphs, ElementsAre("a", "b"));
    EXPECT_EQ(all[0].badges[0].value, "1.50 MB");
    // A graph is drawn whether it is shown or not.
    EXPECT_TRUE(definition->graph("b", {}).has_value());
}

TEST(PluginDefinition, WritesBytesAsKuradoDoes) {
    const auto definition = PluginDefinition::parse(
        "plugin: p\ngraphs: { a: { definition: 'COMMENT:' } }\n"
        "groups:\n- badges: [ { meta: v, as: bytes } ]\n",
        "p.yml");
    const auto shown = [&](const std::string& value) {
        return definition->groups({{"v", value}})[0].badges[0].value;
    };
    EXPECT_EQ(shown("1023"), "1023");
    EXPECT_EQ(shown("1024"), "1.00 KB");
    EXPECT_EQ(shown("134217728"), "128.00 MB");
    EXPECT_EQ(shown("4398046511104"), "4096.00 GB");
    for (const char* text : {"", "64 MB", "-5", "nan", "1e"}) EXPECT_EQ(shown(text), text);
}

TEST(PluginDefinition, MutatedFilesGiveADefinitionOrOneMessage) {
    constexpr std::uint32_t kSeed = 20260102;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 2000; ++round) {
        std::string text(kSampleDefinition);
        const std::size_t at = random() % text.size();
        switch (random() % 3) {
            case 0:
                text[at] = static_cast<char>(random() % 256);
                break;
            case 1:
                text.erase(at, 1 + random() % 20);
                break;
            default:
                text.resize(at);
                break;
        }
        const auto definition = PluginDefinition::parse(text, "p.yml");
        if (definition) {
            static_cast<void>(definition->groups({{"interfaces", "eth0"}, {"disks", "sda"}}));
            static_cast<void>(definition->graph("io-sda", {}));
            continue;
        }
        EXPECT_THAT(definition.error().message, StartsWith("p.yml:"));
        EXPECT_EQ(definition.error().message.find('\n'), std::string::npos);
    }
}

TEST(TextTemplate, NeverReadsAValueAgain) {
    const auto text = TextTemplate::parse("a{{x}}b{{y}}").value();
    EXPECT_THAT(text.names(), ElementsAre("x", "y"));
    EXPECT_EQ(text.expand({{"x", "{{y}}"}, {"y", "2"}}), "a{{y}}b2");
    EXPECT_EQ(text.expand({}), "ab");
    EXPECT_EQ(TextTemplate::parse("}} {x} { {x}}")->expand({}), "}} {x} { {x}}");
    EXPECT_FALSE(TextTemplate::parse("{{}}"));
    EXPECT_FALSE(TextTemplate::parse("{{a b}}"));
}

class CatalogueTest : public testing::Test {
  protected:
    tests::TemporaryDirectory first_;
    tests::TemporaryDirectory second_;
    std::vector<std::filesystem::path> directories_{first_.path(), "/no/such/directory",
                                                    second_.path()};
};

constexpr std::string_view kTiny = "{ plugin: tiny, graphs: { g: { definition: 'COMMENT:1' } } }\n";
constexpr std::string_view kOther =
    "{ plugin: tiny, graphs: { h: { definition: 'COMMENT:2' } } }\n";

TEST_F(CatalogueTest, KnowsTheBuiltInPlugins) {
    const auto catalogue = PluginCatalogue::load({});
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    ASSERT_NE(catalogue->find("base"), nullptr);
    EXPECT_TRUE(catalogue->find("base")->graph("cpu", {}));
    EXPECT_EQ(catalogue->find("nosuch"), nullptr);
    EXPECT_TRUE(PluginCatalogue::exists({}, "base"));
    EXPECT_FALSE(PluginCatalogue::exists({}, "nosuch"));
}

TEST_F(CatalogueTest, TheFirstDirectoryWins) {
    first_.write("tiny.yml", kTiny);
    second_.write("tiny.yml", kOther);
    second_.write("base.yml", "{ plugin: base, graphs: { mine: { definition: 'COMMENT:3' } } }\n");
    second_.write("view/http.pl", "#!perl");
    const auto catalogue = PluginCatalogue::load(directories_);
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    EXPECT_TRUE(catalogue->find("tiny")->graph("g", {}));
    EXPECT_FALSE(catalogue->find("tiny")->graph("h", {}));
    EXPECT_TRUE(catalogue->find("base")->graph("mine", {})) << "a directory wins over the built-in";
    EXPECT_TRUE(PluginCatalogue::exists(directories_, "tiny"));
}

TEST_F(CatalogueTest, PassesOverWhatEditorsPutBesideAFile) {
    first_.write("tiny.yml", kTiny);
    std::filesystem::create_symlink("me@here.1", first_.path() / ".#tiny.yml");
    first_.write("._tiny.yml", std::string_view("\0\5\26\7", 4));
    const auto catalogue = PluginCatalogue::load(directories_);
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    EXPECT_NE(catalogue->find("tiny"), nullptr);
}

TEST_F(CatalogueTest, NamesTheFileThatIsWrong) {
    const auto file = first_.write("tiny.yml", "plugin: tiny\ngraphs: 1\n");
    EXPECT_EQ(tests::without_columns(PluginCatalogue::load(directories_).error().message),
              file.native() + ":2: 'graphs' must be a mapping (key: value), not text");
    first_.write("tiny.yml", "{ plugin: big, graphs: { g: { definition: 'COMMENT:1' } } }\n");
    EXPECT_EQ(tests::without_columns(PluginCatalogue::load(directories_).error().message),
              file.native() + ":1: defines plugin 'big', but its file is named for 'tiny'");
}

}  // namespace
}  // namespace kurabe::server
