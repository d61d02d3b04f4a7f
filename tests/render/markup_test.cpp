// Cutting marked up texts: tags stay in pairs, characters whole.
#include "render/markup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::render {

namespace {

using ::testing::ElementsAre;
using enum TextKind;

TEST(Markup, PlainPartsAreWhatStandsBetween) {
    EXPECT_THAT(parts_of_text("a\tb\t\tc", kPlain, '\t'), ElementsAre("a", "b", "", "c"));
    EXPECT_THAT(parts_of_text("", kPlain, '\t'), ElementsAre(""));
    EXPECT_THAT(parts_of_text("<b>a\tb</b>", kPlain, '\t'), ElementsAre("<b>a", "b</b>"));
}

TEST(Markup, PartsBeginAgainWhatIsOpen) {
    EXPECT_THAT(parts_of_text("x<b>a\tb</b>c\td", kMarkup, '\t'),
                ElementsAre("x<b>a</b>", "<b>b</b>c", "d"));
    EXPECT_THAT(parts_of_text("<span size='9'>a<i>b\nc</i></span>", kMarkup, '\n'),
                ElementsAre("<span size='9'>a<i>b</i></span>", "<span size='9'><i>c</i></span>"));
    EXPECT_THAT(parts_of_text("<br/>a\tb", kMarkup, '\t'), ElementsAre("<br/>a", "b"));
    EXPECT_THAT(parts_of_text("<b\t>x</b>", kMarkup, '\t'), ElementsAre("<b\t>x</b>"));
}

TEST(Markup, WhatIsNoTagIsText) {
    EXPECT_THAT(parts_of_text("5 < 6\t7 & 8", kMarkup, '\t'), ElementsAre("5 < 6", "7 & 8"));
    EXPECT_THAT(parts_of_text("</b>a\tb", kMarkup, '\t'), ElementsAre("</b>a", "b"));
}

TEST(Markup, CharactersAreCountedWithoutTags) {
    EXPECT_EQ(characters_of_text("<b>a&amp;\u65e5</b>", kMarkup), 3u);
    EXPECT_EQ(characters_of_text("<b>a", kPlain), 4u);
    EXPECT_EQ(characters_of_text("", kMarkup), 0u);
}

TEST(Markup, ShortenedTextsKeepTheirTags) {
    EXPECT_EQ(shortened_text("<b>long</b> <i>text</i>", kMarkup, 2), "<b>lo\u2026</b><i></i>");
    EXPECT_EQ(shortened_text("<b>long</b> text", kMarkup, 0), "<b>\u2026</b>");
    EXPECT_EQ(shortened_text("a&lt;b", kMarkup, 2), "a&lt;\u2026");
    EXPECT_EQ(shortened_text("\u65e5\u672c\u8a9e", kPlain, 2), "\u65e5\u672c\u2026");
    EXPECT_EQ(shortened_text("", kPlain, 0), "\u2026");
}

TEST(Markup, StylesAreWhatIsOpenWhereTextStands) {
    EXPECT_THAT(styles_of_markup("a<b>b<i>c</i>d</b>e"), ElementsAre("", "<b>", "<b><i>"));
    EXPECT_THAT(styles_of_markup("<b></b>"), ElementsAre());
}

}  // namespace

}  // namespace kurabe::render
