// Readings as text: what counts, and how counters are subtracted.
#include "store/rrd/reading.hpp"

#include <gtest/gtest.h>

namespace kurabe::store::rrd {
namespace {

DataSource source_of(DsType type) {
    return {.type = type, .heartbeat = Seconds{600}, .minimum = kUnknown, .maximum = kUnknown};
}

// Over ten seconds. kUnknown also for errors, which have their own test.
Value amount(DsType type, std::string_view last, std::string_view reading) {
    return amount_of_reading(source_of(type), last, reading, 10).value_or(kUnknown);
}

std::string error(DsType type, std::string_view reading, std::string_view last = "1") {
    const auto result = amount_of_reading(source_of(type), last, reading, 10);
    return result ? "" : result.error().message;
}

TEST(RrdReading, AmountsOfTheTypes) {
    EXPECT_EQ(amount(DsType::kGauge, "U", "5"), 50);
    EXPECT_EQ(amount(DsType::kAbsolute, "U", "5"), 5);
    EXPECT_EQ(amount(DsType::kCounter, "5", "7"), 2);
    EXPECT_EQ(amount(DsType::kDerive, "-5", "-7"), -2);
    EXPECT_EQ(amount(DsType::kDDerive, "2.5", "1.5"), -1);
    EXPECT_EQ(amount(DsType::kDCounter, "1.5", "2.5"), 1);
    EXPECT_TRUE(is_unknown(amount(DsType::kDCounter, "2.5", "1.5")));
    EXPECT_TRUE(is_unknown(amount(DsType::kCompute, "1", "anything")));
}

TEST(RrdReading, CountersWrapAsInRrdtool) {
    EXPECT_EQ(amount(DsType::kCounter, "4294967290", "5"), 10);
    EXPECT_EQ(amount(DsType::kCounter, "18446744073709551610", "5"), 0);
    EXPECT_EQ(amount(DsType::kCounter, "4294967301", "5"), 18446744069414584000.0);
}

TEST(RrdReading, IntegersOfThirtyDigitsAreSubtractedExactly) {
    EXPECT_EQ(
        amount(DsType::kDerive, "12345678901234567890123456789", "12345678901234567890123456790"),
        1);
    EXPECT_EQ(amount(DsType::kCounter, "1", "999999999999999999999999999999"), 1e30);
    EXPECT_TRUE(is_unknown(amount(DsType::kCounter, "1", "1000000000000000000000000000000")));
}

TEST(RrdReading, SignsAreThoseOfTheTexts) {
    EXPECT_TRUE(is_unknown(amount(DsType::kDerive, "-0", "5")));
    EXPECT_EQ(amount(DsType::kDerive, "-0", "-5"), -5);
    EXPECT_TRUE(is_unknown(amount(DsType::kDerive, "0", "-5")));
    EXPECT_TRUE(is_unknown(amount(DsType::kCounter, "-3", "5")));
}

// A file may hold any text as its last reading.
TEST(RrdReading, TheFirstDigitsOfTheLastReadingCount) {
    for (const char* last : {"12", " 12", "+12", "x12", "12x", "12.5", "012"}) {
        EXPECT_EQ(amount(DsType::kDerive, last, "15"), 3) << last;
    }
    for (const char* last : {"", "x", "-", "U12", "-12"}) {
        EXPECT_TRUE(is_unknown(amount(DsType::kDerive, last, "15"))) << last;
    }
    EXPECT_EQ(error(DsType::kDDerive, "5", "5x"),
              "Function update_pdp_prep, case DST_DDERIVE - Converted '5x' to 5.000000, but cannot "
              "convert 'x'");
}

TEST(RrdReading, WhatIsNoReadingIsNamed) {
    EXPECT_EQ(error(DsType::kGauge, "x"),
              "Function update_pdp_prep, case DST_GAUGE - Cannot convert 'x' to float");
    EXPECT_EQ(error(DsType::kCounter, "-1"), "not a simple unsigned integer: '-1'");
    EXPECT_EQ(error(DsType::kDerive, "1.5"), "not a simple signed integer: '1.5'");
    EXPECT_EQ(error(DsType::kDerive, "-"), "");
    EXPECT_EQ(error(DsType::kCounter, ""), "");
    EXPECT_EQ(error(DsType::kDCounter, "x", "U"), "") << "nobody looks at it";
}

TEST(RrdReading, UnknownLateOrOutOfRange) {
    DataSource source = source_of(DsType::kGauge);
    source.minimum = 0;
    source.maximum = 10;
    const auto of = [&](std::string_view reading, double interval) {
        return amount_of_reading(source, "U", reading, interval).value_or(-1);
    };
    EXPECT_EQ(of("10", 600), 6000);
    EXPECT_TRUE(is_unknown(of("10.1", 600)));
    EXPECT_TRUE(is_unknown(of("-0.1", 600)));
    EXPECT_TRUE(is_unknown(of("Unknown", 600)));
    EXPECT_TRUE(is_unknown(of("no number", 600.5)));
}

}  // namespace
}  // namespace kurabe::store::rrd
