// Graphs without any series of a host that has others.
#include "server/drawable_graphs.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kPlugin = R"(plugin: p
groups:
- label: Load
  graphs: [ load, mixed, other ]
- label: Gone
  graphs: [ swap ]
- label: Told
  badges: [ version ]
  graphs: [ swap ]
graphs:
  load:
    label: l
    definition: |
      DEF:a=load.gauge:n:AVERAGE
      LINE1:a#000000
  mixed:
    label: m
    definition: |
      DEF:a=swap.gauge:n:AVERAGE
      DEF:b=load.gauge:n:AVERAGE
      LINE1:a#000000
  other:
    label: o
    definition: |
      DEF:a=web1/base/load.gauge:n:AVERAGE
      LINE1:a#000000
  swap:
    label: s
    definition: |
      DEF:a=swap.gauge:n:AVERAGE
      LINE1:a#000000
)";

std::vector<std::vector<std::string>> shown(const SeriesKeys& keys) {
    const auto definition = PluginDefinition::parse(kPlugin, "p.yml");
    EXPECT_TRUE(definition.has_value()) << definition.error().message;
    const MetaMap meta{{"version", "1"}};
    auto groups = definition->groups(meta);
    keep_drawable(groups, *definition, meta, keys);
    std::vector<std::vector<std::string>> graphs;
    for (const GraphGroup& group : groups) graphs.push_back(group.graphs);
    return graphs;
}

TEST(DrawableGraphs, ThoseWithoutAnySeriesAreLeftOut) {
    EXPECT_THAT(shown({"load.gauge"}),
                ElementsAre(ElementsAre("load", "mixed", "other"), IsEmpty()))
        << "a group with a badge stays";
    EXPECT_THAT(shown({"swap.gauge"}), ElementsAre(ElementsAre("mixed", "other"),
                                                   ElementsAre("swap"), ElementsAre("swap")));
}

TEST(DrawableGraphs, AllAreShownBeforeAnythingHasCome) {
    EXPECT_THAT(shown({}), ElementsAre(ElementsAre("load", "mixed", "other"), ElementsAre("swap"),
                                       ElementsAre("swap")));
}

TEST(DrawableGraphs, KeysAreOfOnePlugin) {
    const std::vector<store::SeriesInfo> series{{{"h", "p", "a.gauge"}, store::DsType::kGauge, {}},
                                                {{"h", "q", "b.gauge"}, store::DsType::kGauge, {}}};
    EXPECT_THAT(keys_of(series, "p"), ElementsAre("a.gauge"));
}

}  // namespace
}  // namespace kurabe::server
