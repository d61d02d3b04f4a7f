// The number grammar by example; bits are compared with rrdtool in tests/differential/.
#include "store/number.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

std::string message_of(std::string_view text) {
    const auto parsed = parse_number(text);
    return parsed ? "" : parsed.error().message;
}

TEST(ParseNumber, ReadsDecimalsSignsAndExponents) {
    EXPECT_EQ(parse_number("0"), 0.0);
    EXPECT_EQ(parse_number("  +12.5"), 12.5);
    EXPECT_EQ(parse_number("-.5e-2"), -0.005);
    EXPECT_EQ(parse_number("5."), 5.0);
    EXPECT_EQ(parse_number("1e"), 1.0);
    EXPECT_EQ(parse_number("1e+"), 1.0);
}

TEST(ParseNumber, ReadsNanAndInfinityInAnyCaseWithAnyTail) {
    EXPECT_TRUE(is_unknown(*parse_number("NaNx")));
    EXPECT_TRUE(is_unknown(*parse_number("-nan")));
    EXPECT_EQ(parse_number("InFinity"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(parse_number("-inf"), -std::numeric_limits<double>::infinity());
    EXPECT_FALSE(parse_number("+nan"));
    EXPECT_FALSE(parse_number("+inf"));
}

TEST(ParseNumber, RefusesAnythingElseInTheWordsOfRrdtool) {
    EXPECT_EQ(message_of("foo"), "Cannot convert 'foo' to float");
    EXPECT_EQ(message_of(""), "Cannot convert '' to float");
    EXPECT_EQ(message_of("."), "Cannot convert '.' to float");
    EXPECT_EQ(message_of("e5"), "Cannot convert 'e5' to float");
    EXPECT_EQ(message_of("1.5x"), "Converted '1.5x' to 1.500000, but cannot convert 'x'");
    EXPECT_EQ(message_of("5 "), "Converted '5 ' to 5.000000, but cannot convert ' '");
    EXPECT_EQ(message_of("0x10"), "Converted '0x10' to 0.000000, but cannot convert 'x10'");
}

TEST(ParseNumber, LimitsTheDecimalExponent) {
    EXPECT_EQ(parse_number("1e1024"), std::numeric_limits<double>::infinity());
    EXPECT_FALSE(parse_number("1e1025"));
    EXPECT_EQ(parse_number("1e-1021"), 0.0);
    EXPECT_FALSE(parse_number("1e-1022"));
    EXPECT_FALSE(parse_number("1e99999999999999999999"));
}

TEST(NumberOf, AccumulatesDigitsAsTheParserDoes) {
    EXPECT_EQ(number_of(0), 0.0);
    EXPECT_EQ(number_of(-42), -42.0);
    EXPECT_EQ(number_of(9007199254740993), *parse_number("9007199254740993"));
    // Correctly rounded it would be 7.809522746894968e+24.
    const WideInteger wide = WideInteger{780952274689496840} * 10'000'000 + 2'542'624;
    EXPECT_EQ(number_of(wide), *parse_number("7809522746894968402542624"));
    EXPECT_EQ(number_of(wide), 7.809522746894967e+24);
}

}  // namespace
}  // namespace kurabe::store
