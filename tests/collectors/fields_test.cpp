// Lines, fields and numbers of the kernel's text files.
#include "collectors/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Fields, LastLineNeedsNoEnd) {
    EXPECT_THAT(split_lines("a\n\nb"), ElementsAre("a", "", "b"));
    EXPECT_THAT(split_lines("a\n"), ElementsAre("a"));
    EXPECT_THAT(split_lines(""), IsEmpty());
}

TEST(Fields, AnyRunOfBlanksSeparates) {
    EXPECT_THAT(split_fields("  a \t b\tc "), ElementsAre("a", "b", "c"));
    EXPECT_THAT(split_fields(" \t "), IsEmpty());
}

TEST(Fields, CountIsDigitsBelowTwoToThe64) {
    EXPECT_EQ(parse_count("18446744073709551615"), 18446744073709551615U);
    EXPECT_EQ(parse_count("18446744073709551616"), std::nullopt);
    EXPECT_EQ(parse_count("-1"), std::nullopt);
    EXPECT_EQ(parse_count("12kB"), std::nullopt);
    EXPECT_EQ(parse_count(""), std::nullopt);
}

TEST(Fields, DecimalIsFinite) {
    EXPECT_EQ(parse_decimal("12.5"), 12.5);
    EXPECT_EQ(parse_decimal("nan"), std::nullopt);
    EXPECT_EQ(parse_decimal("inf"), std::nullopt);
    EXPECT_EQ(parse_decimal("1.5 "), std::nullopt);
}

}  // namespace
}  // namespace kurabe::collectors
