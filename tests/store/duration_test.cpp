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

}  // namespace
}  // namespace kurabe::store
