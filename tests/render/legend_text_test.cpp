// Markers at the end of a legend, and tabs in it.
#include "render/legend_text.hpp"

#include <gtest/gtest.h>

namespace kurabe::render {

namespace {

TEST(LegendText, MarkersAtTheEndBecomeControls) {
    const std::pair<const char*, LegendControl> cases[] = {
        {"a", LegendControl::kNone},      {"a\\l", LegendControl::kLeft},
        {"a\\n", LegendControl::kLeft},   {"a\\r", LegendControl::kRight},
        {"a\\c", LegendControl::kCenter}, {"a\\j", LegendControl::kJustify},
        {"a\\g", LegendControl::kGlue},   {"a\\s", LegendControl::kSpace},
        {"a\\u", LegendControl::kUp},     {"a\\.", LegendControl::kNothing},
        {"a  \\g", LegendControl::kGlue}};
    for (const auto& [text, control] : cases) {
        const auto entry = parse_legend_text(text);
        ASSERT_TRUE(entry) << text;
        EXPECT_EQ(entry->text, "a") << text;
        EXPECT_EQ(entry->control, control) << text;
    }
}

TEST(LegendText, BackslashesElsewhereStay) {
    EXPECT_EQ(parse_legend_text("a\\lb").value().text, "a\\lb");
    EXPECT_EQ(parse_legend_text("a\\").value().text, "a\\");
    EXPECT_EQ(parse_legend_text("OS\\2\\.").value().text, "OS\\2");
    EXPECT_EQ(parse_legend_text("").value().text, "");
}

TEST(LegendText, TabsAreAnywhere) {
    EXPECT_EQ(parse_legend_text("a\\tb\\l").value().text, "a\tb");
}

TEST(LegendText, UnknownMarkersAreRefused) {
    const auto entry = parse_legend_text("  x\\q");
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().message, "Unknown control code at the end of '  x\\q'");
}

}  // namespace

}  // namespace kurabe::render
