// The layout as JSON: valid for any texts, and the numbers of the picture.
#include "render/layout_json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {
namespace {

struct Both {
    RenderedGraph graph;
    nlohmann::json json;
};

Both layout_of(std::vector<std::string> words) {
    const auto definition = parse_graph(words, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    Renderer renderer;
    GraphDefinition as_json = *definition;
    as_json.options.format = ImageFormat::kLayout;
    const InventedSource source;
    const auto text = renderer.render(as_json, source, kSampleEnd, store::TimeZone::utc());
    auto graph = renderer.measure(*definition, source, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(text && graph);
    return {*std::move(graph), nlohmann::json::parse(text->bytes, nullptr, false)};
}

TEST(LayoutJson, HasThePicturesNumbers) {
    for (const auto& words : {cpu_graph(), traffic_graph(), memory_graph()}) {
        const auto [graph, json] = layout_of(words);
        ASSERT_FALSE(json.is_discarded());
        EXPECT_EQ(json["image"]["width"], graph.size.width_px);
        EXPECT_EQ(json["image"]["height"], graph.size.height_px);
        EXPECT_EQ(json["plot"]["left"], graph.plot.left_px);
        EXPECT_EQ(json["plot"]["top"], graph.plot.top_px);
        EXPECT_EQ(json["plot"]["width"], graph.plot.width_px);
        EXPECT_EQ(json["plot"]["height"], graph.plot.height_px);
        EXPECT_EQ(json["value"]["min"], graph.value_min);
        EXPECT_EQ(json["value"]["max"], graph.value_max);
        EXPECT_EQ(json["time"]["end"], kSampleEnd.time_since_epoch().count());
        ASSERT_EQ(json["legend"].size(), graph.legend.size());
        for (std::size_t i = 0; i < graph.legend.size(); ++i) {
            EXPECT_EQ(json["legend"][i]["text"], graph.legend[i].text);
            EXPECT_EQ(json["legend"][i]["left"], graph.legend[i].box.left);
            EXPECT_EQ(json["legend"][i]["bottom"], graph.legend[i].box.bottom);
        }
    }
}

// Both mappings are straight lines through the plot's corners.
TEST(LayoutJson, TicksLieOnTheMappings) {
    const auto [graph, json] = layout_of(cpu_graph());
    const double start = json["time"]["start"];
    const double end = json["time"]["end"];
    ASSERT_GT(json["x_axis"]["ticks"].size(), 5U);
    for (const auto& tick : json["x_axis"]["ticks"]) {
        const double share = (tick["time"].get<double>() - start) / (end - start);
        EXPECT_NEAR(tick["x"].get<double>(), graph.plot.left_px - 1 + share * graph.plot.width_px,
                    1);
    }
    ASSERT_GT(json["y_axis"]["ticks"].size(), 2U);
    std::size_t labels = 0;
    for (const auto& tick : json["y_axis"]["ticks"]) {
        const double share =
            (tick["value"].get<double>() - graph.value_min) / (graph.value_max - graph.value_min);
        EXPECT_NEAR(tick["y"].get<double>(), graph.plot.top_px + (1 - share) * graph.plot.height_px,
                    1);
        labels += tick.contains("label") ? 1 : 0;
    }
    EXPECT_GT(labels, 1U);
    EXPECT_FALSE(json["x_axis"]["labels"].empty());
}

TEST(LayoutJson, IsJsonForAnyTexts) {
    for (const std::string text :
         {"quotes \" and \\\\ back", "\x01\x02", "bytes \xFF\xC3", "\u65e5\u672c\u8a9e"}) {
        const auto [graph, json] = layout_of({"-s", "end-1d", "LINE1:1#ff0080:" + text});
        (void)graph;
        ASSERT_FALSE(json.is_discarded()) << text;
    }
    const auto [graph, json] = layout_of({"-s", "end-1d", "-j", "LINE1:1#ff000080:x"});
    ASSERT_FALSE(json.is_discarded());
    EXPECT_TRUE(json["x_axis"]["ticks"].empty());
    EXPECT_TRUE(json["legend"].empty());
    EXPECT_EQ(json["plot"]["left"], graph.plot.left_px);
}

TEST(LayoutJson, HasMarksAndBandsOfTheRange) {
    const auto [graph, json] = layout_of(
        {"-s", "1700000000", "-e", "1700010000", "--compare", "-1d", "--mark", "1700005000:deploy",
         "--mark", "1600000000:before", "--band", "1700001000:1700002000#8080c0:night", "--band",
         "1700010000:1700020000#8080c0", "LINE1:5#f00:five"});
    ASSERT_EQ(json["marks"].size(), 1U);
    EXPECT_EQ(json["marks"][0]["text"], "deploy");
    EXPECT_EQ(json["marks"][0]["x"], graph.plot.left_px - 1 + graph.plot.width_px / 2);
    ASSERT_EQ(json["bands"].size(), 1U);
    EXPECT_EQ(json["bands"][0]["start"], 1700001000);
    EXPECT_EQ(json["bands"][0]["text"], "night");
    EXPECT_EQ(json["legend"][0]["color"], "#ff0000");
    EXPECT_FALSE(json["legend"][1].contains("color"));
}

TEST(LayoutJson, LegendsHaveTheirColours) {
    const auto [graph, json] =
        layout_of({"-s", "end-1d", "LINE1:1#ff0000:one", "AREA:1#00ff0080:two", "COMMENT:three"});
    ASSERT_EQ(json["legend"].size(), 3U);
    EXPECT_EQ(json["legend"][0]["color"], "#ff0000");
    EXPECT_EQ(json["legend"][1]["color"], "#00ff0080");
    EXPECT_FALSE(json["legend"][2].contains("color"));
}

}  // namespace
}  // namespace kurabe::render::testing
