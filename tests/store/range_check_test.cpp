// Ranges that are refused, with rrdtool's messages.
#include "store/range_check.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

TimeRange range(std::int64_t start, std::int64_t end) {
    return {Time{Seconds{start}}, Time{Seconds{end}}};
}

TEST(RangeCheck, OneSecondOrNoneIsARange) {
    EXPECT_TRUE(check_range(range(315'360'000, 315'360'001)));
    EXPECT_TRUE(check_range(range(315'360'000, 315'360'000)));
}

TEST(RangeCheck, SaysWhatIsWrong) {
    EXPECT_EQ(check_range(range(315'359'999, 5)).error().message,
              "the first entry to fetch should be after 1980 (315359999)");
    EXPECT_EQ(check_range(range(315'360'001, 315'360'000)).error().message,
              "start (315360001) should be less than end (315360000)");
    EXPECT_EQ(check_order(range(3, 2)).error().message, "start (3) should be less than end (2)");
    EXPECT_TRUE(check_order(range(2, 3)));
}

}  // namespace
}  // namespace kurabe::store
