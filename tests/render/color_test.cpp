// Colours as rrdtool writes them, and those it refuses.
#include "render/color.hpp"

#include <gtest/gtest.h>

namespace kurabe::render {

namespace {

TEST(Color, ReadsAllLengths) {
    EXPECT_EQ(parse_color("f80").value(), (Color{255, 136, 0, 255}));
    EXPECT_EQ(parse_color("F808").value(), (Color{255, 136, 0, 136}));
    EXPECT_EQ(parse_color("12aB03").value(), (Color{0x12, 0xAB, 0x03, 255}));
    EXPECT_EQ(parse_color("12aB0340").value(), (Color{0x12, 0xAB, 0x03, 0x40}));
}

TEST(Color, RefusesOtherTexts) {
    for (const char* const text :
         {"", "f", "ff", "fffff", "fffffff", "fffffffff", "ggg", "#fff", "ff f", "-12345"}) {
        EXPECT_FALSE(parse_color(text)) << text;
    }
}

}  // namespace

}  // namespace kurabe::render
