// Numbers as printf writes them, with rrdtool's magnitudes.
#include "render/print_format.hpp"

#include <array>
#include <cstdio>
#include <limits>

#include <gtest/gtest.h>

#include "render/print_times.hpp"

namespace kurabe::render {

namespace {

std::string printed(std::string_view format, double value, int base = 1000) {
    std::optional<Magnitude> current;
    const auto parsed = parse_number_format(format);
    return parsed ? format_number(*parsed, value, base, current) : parsed.error().message;
}

TEST(PrintFormat, TextSurroundsTheNumber) {
    EXPECT_EQ(printed("Cur: %5.1lf[%%]\\l", 12.34), "Cur:  12.3[%]\\l");
    EXPECT_EQ(printed("%lf", 1.0 / 3), "0.333333");
    EXPECT_EQ(printed("%6.2lf %sbps", 123456), "123.46 kbps");
}

// printf itself is the other opinion, with the formats that the tests write out.
TEST(PrintFormat, NumbersLookLikePrintfs) {
    const std::array values = {0.0,
                               -0.0,
                               1.0,
                               -1.5,
                               1e300,
                               1e-300,
                               123456.789,
                               0.000123456,
                               99.995,
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()};
    for (const double value : values) {
        std::array<char, 1000> expected{};
        const auto check = [&](std::string_view ours, int written) {
            ASSERT_GE(written, 0);
            EXPECT_EQ(printed(ours, value), expected.data()) << ours;
        };
        check("%12.3lf", std::snprintf(expected.data(), expected.size(), "%12.3f", value));
        check("%-12.3le|", std::snprintf(expected.data(), expected.size(), "%-12.3e|", value));
        check("%012.3lG", std::snprintf(expected.data(), expected.size(), "%012.3G", value));
        check("%+lg", std::snprintf(expected.data(), expected.size(), "%+g", value));
        check("% .0lE", std::snprintf(expected.data(), expected.size(), "% .0E", value));
        check("%#lg", std::snprintf(expected.data(), expected.size(), "%#g", value));
        check("%#.0lf", std::snprintf(expected.data(), expected.size(), "%#.0f", value));
        check("%#.0le", std::snprintf(expected.data(), expected.size(), "%#.0e", value));
        check("%.0lg", std::snprintf(expected.data(), expected.size(), "%.0g", value));
        check("%.500lf", std::snprintf(expected.data(), expected.size(), "%.500f", value));
    }
}

TEST(PrintFormat, UnknownIsTheNegativeNanOfRrdtool) {
    EXPECT_EQ(printed("%6.1lf%s", std::numeric_limits<double>::quiet_NaN()), "  -nan ");
    EXPECT_EQ(printed("%05.1lE", -std::numeric_limits<double>::quiet_NaN()), " -NAN");
    EXPECT_EQ(printed("%+lf", std::numeric_limits<double>::quiet_NaN()), "-nan");
}

TEST(PrintFormat, MagnitudesOfBothBases) {
    EXPECT_EQ(printed("%.2lf%s", 1024, 1024), "1.00k");
    EXPECT_EQ(printed("%.2lf%s", 1024, 1000), "1.02k");
    EXPECT_EQ(printed("%.2lf%s", 0.5), "500.00m");
    EXPECT_EQ(printed("%.2lf%s", 0), "0.00 ");
    EXPECT_EQ(printed("%.0lf%s", 5e18), "5E");
    EXPECT_EQ(printed("%.0lf%s", 5e21), "5?");
}

// rrdtool scales here, as if "%%s" were a "%s"; a literal stays a literal with us.
TEST(PrintFormat, DoubledPercentBeforeSIsText) {
    EXPECT_EQ(printed("%.0lf%%s", 5000), "5000%s");
}

TEST(PrintFormat, RefusesEverythingElse) {
    for (const char* const text : {"", "%", "%%", "%d", "%n", "%s", "%lf%lf", "%lf%n", "%*lf",
                                   "%1$lf", "%-+lf", "%5.lf", "%lf%s%s", "%ls", "%hhd", "%lf%"}) {
        const auto format = parse_number_format(text);
        ASSERT_FALSE(format) << text;
        EXPECT_EQ(format.error().code, ErrorCode::kInvalid);
        EXPECT_TRUE(format.error().message.starts_with("invalid format string '")) << text;
    }
}

TEST(PrintTimes, SecondsOfValuesAreTheirOwn) {
    EXPECT_EQ(value_time_text("%s", 1'700'000'000.9), "1700000000");
    EXPECT_EQ(value_time_text("%F %T", 1e12), "33658-09-27 01:46:40");
    EXPECT_EQ(value_time_text("%F %T", 1e17), "100000000000000000");
}

TEST(PrintTimes, DurationsAreLimited) {
    EXPECT_EQ(duration_text("%501H", 1).error().code, ErrorCode::kLimit);
    EXPECT_EQ(duration_text("%.501H", 1).error().code, ErrorCode::kLimit);
    EXPECT_EQ(duration_text("%99999999999999999999H", 1).error().code, ErrorCode::kLimit);
    EXPECT_EQ(duration_text("%500.500H", 1).value().size(), 502u);
    EXPECT_EQ(duration_text("%H", 1.7e308).value().size(), 302u);
}

TEST(PrintTimes, WithoutATimeThereAreDashes) {
    EXPECT_EQ(missing_time_text("at %Y-%m-%d %H:%M, %Z"), "at ---------- --:--, -");
    EXPECT_EQ(missing_time_text("%"), "-");
    EXPECT_EQ(missing_time_text("100%%"), "100%");
}

TEST(PrintFormat, WidthsAndDecimalsAreLimited) {
    EXPECT_EQ(parse_number_format("%999999999lf").error().code, ErrorCode::kLimit);
    EXPECT_EQ(parse_number_format("%.501lf").error().code, ErrorCode::kLimit);
    EXPECT_EQ(parse_number_format("%" + std::string(1000, '9') + "lf").error().code,
              ErrorCode::kLimit);
    EXPECT_EQ(printed("%500.500lf", 1e308).size(), 309u + 1 + 500);
}

}  // namespace

}  // namespace kurabe::render
