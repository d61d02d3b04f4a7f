// The text of a plugin file: one line, whatever its parts are.
#include "collectors/plugin_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

TEST(PluginText, IsJsonOnOneLine) {
    const PluginPages pages{.plugin = "p",
                            .groups = {{"A \"b\"", {"g", "h"}}, {"", {}}},
                            .graphs = {{.key = "g",
                                        .label = "l\\",
                                        .lines = {"LINE1:0#000000:a", "COMMENT:b\nc"},
                                        .lower = 0,
                                        .upper = 1.5,
                                        .base = 1024},
                                       {.key = "h", .logarithmic = true}}};
    EXPECT_EQ(plugin_text(pages),
              R"({"plugin": "p", "groups": [{"label": "A \"b\"", "graphs": ["g", "h"]}, )"
              R"({"label": "", "graphs": []}], "graphs": {"g": {"label": "l\\", )"
              R"("definition": "LINE1:0#000000:a\nCOMMENT:b c\n", "scale": {"base": 1024, )"
              R"("lower": 0, "upper": 1.5, "rigid": false, "logarithmic": false}}, )"
              R"("h": {"label": "", "definition": "", "scale": {"base": 1000, "lower": auto, )"
              R"("upper": auto, "rigid": false, "logarithmic": true}}}})");
}

TEST(PluginText, HasNoPlaceholderControlByteOrWrongEncoding) {
    const std::string text =
        plugin_text({.plugin = "{{a}} {{{b", .groups = {{"\x01\x7f\t\xff", {}}}, .graphs = {}});
    EXPECT_THAT(text, testing::HasSubstr("{ {a}} { { {b"));
    EXPECT_THAT(text, testing::HasSubstr("\"   ?\""));
}

TEST(GraphText, NeitherEndsAFieldNorBeginsAnEscape) {
    EXPECT_EQ(graph_text("a:b\\c\n%d"), "a\\:b c %d");
    EXPECT_EQ(graph_text("5%", true), "5%%");
}

TEST(DefinitionMeta, IsNamedSo) {
    EXPECT_TRUE(is_definition_meta("definition"));
    EXPECT_TRUE(is_definition_meta("definition.cpu"));
    EXPECT_FALSE(is_definition_meta("definitions"));
    EXPECT_FALSE(is_definition_meta("my.definition"));
}

}  // namespace
}  // namespace kurabe::collectors
