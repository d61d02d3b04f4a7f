// Durations as rrdtool takes them.
#include "store/duration.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

TEST(Duration, PlainCountsAreSeconds) {
    EXPECT_EQ(parse_duration("300"), Seconds{300});
}

TEST(Duration, EveryUnitScales) {
    EXPECT_EQ(parse_duration("2s"), Seconds{2});
    EXPECT_EQ(parse_duration("5m"), Seconds{300});
    EXPECT_EQ(parse_duration("1h"), Seconds{3600});
    EXPECT_EQ(parse_duration("1d"), Seconds{86400});
    EXPECT_EQ(parse_duration("1w"), Seconds{7 * 86400});
    EXPECT_EQ(parse_duration("1M"), Seconds{31 * 86400});
    EXPECT_EQ(parse_duration("1y"), Seconds{366 * 86400});
}

TEST(Duration, RefusesAnythingElse) {
    for (const char* text : {"", "0", "0h", "-5", "h", "5x", "2hx", "1.5h", "99999999999999999999",
                             "9223372036854775807y"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(ScaledDuration, CountsUnits) {
    EXPECT_EQ(parse_scaled_duration("12", Seconds{300}), 12);
    EXPECT_EQ(parse_scaled_duration("1h", Seconds{300}), 12);
    EXPECT_EQ(parse_scaled_duration("300s", Seconds{300}), 1);
    EXPECT_EQ(parse_scaled_duration("1hx", Seconds{300}), 12);
}

TEST(ScaledDuration, SaysWhatRrdtoolSays) {
    const auto message = [](std::string_view text) {
        return parse_scaled_duration(text, Seconds{300}).error().message;
    };
    for (const char* text : {"", "-5", "h", " 5", "+5"}) {
        EXPECT_EQ(message(text), "value must be (suffixed) positive number") << text;
    }
    EXPECT_EQ(message("0"), "value must be positive");
    EXPECT_EQ(message("5x"), "value has trailing garbage");
    EXPECT_EQ(message("301s"), "value would truncate when scaled");
    EXPECT_EQ(message("99999999999999999999"), "value is too large");
    EXPECT_EQ(message("9223372036854775807m"), "value is too large");
}

}  // namespace
}  // namespace kurabe::store
