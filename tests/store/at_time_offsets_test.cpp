#include "store/at_time_offsets.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {

namespace {

struct Offset {
    std::int64_t amount;
    TimeUnit unit;
};

struct Case {
    CalendarTime fields;
    std::vector<Offset> offsets;
    const char* expected;
};

Time moved(const CalendarTime& fields, const std::vector<Offset>& offsets, const TimeZone& zone) {
    AtTimeOffsets sum;
    for (const Offset& offset : offsets) EXPECT_TRUE(sum.add(offset.amount, offset.unit));
    return sum.from(fields, zone);
}

TEST(AtTimeOffsets, AreAddedToFieldsThatAreCarriedOverOnce) {
    const TimeZone zone = TimeZone::locate("Europe/Berlin").value();
    const CalendarTime february_29{.year = 2023, .month = 2, .day = 29, .hour = 12};
    const CalendarTime february_30{.year = 2023, .month = 2, .day = 30, .hour = 12};
    const CalendarTime january_31{.year = 2023, .month = 1, .day = 31, .hour = 12};
    const CalendarTime skipped{.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30};
    const std::vector<Case> cases = {
        {february_29, {}, "2023-03-01 12:00:00"},
        {february_29, {{1, TimeUnit::kMonth}}, "2023-03-29 12:00:00"},
        {february_29, {{1, TimeUnit::kYear}}, "2024-02-29 12:00:00"},
        {february_30, {{-1, TimeUnit::kMonth}}, "2023-01-30 12:00:00"},
        {february_30, {{-1, TimeUnit::kDay}}, "2023-03-01 12:00:00"},
        {january_31, {{1, TimeUnit::kMonth}}, "2023-03-03 12:00:00"},
        {january_31, {{1, TimeUnit::kMonth}, {-1, TimeUnit::kWeek}}, "2023-02-24 12:00:00"},
        {january_31, {{-90, TimeUnit::kMinute}, {5, TimeUnit::kSecond}}, "2023-01-31 10:30:05"},
        {skipped, {}, "2026-03-29 03:30:00"},
        {skipped, {{-1, TimeUnit::kDay}}, "2026-03-28 02:30:00"},
        {skipped, {{-1, TimeUnit::kHour}}, "2026-03-29 01:30:00"},
    };
    for (const Case& test : cases) {
        EXPECT_EQ(zone.format("%F %T", moved(test.fields, test.offsets, zone)), test.expected);
    }
}

// The hour before the clocks are put back is there twice, an hour apart.
TEST(AtTimeOffsets, HoursDoNotAskTheCalendar) {
    const TimeZone zone = TimeZone::locate("Europe/Berlin").value();
    const Time second_time{Seconds{1'792'891'800}};
    ASSERT_EQ(zone.format("%F %T %z", second_time), "2026-10-25 02:30:00 +0100");
    AtTimeOffsets hour;
    ASSERT_TRUE(hour.add(1, TimeUnit::kHour));
    EXPECT_EQ(hour.from(second_time, zone), second_time + Seconds{3600});
    EXPECT_EQ(AtTimeOffsets{}.from(second_time, zone), second_time);
}

TEST(AtTimeOffsets, HaveALimitInEachUnit) {
    AtTimeOffsets offsets;
    EXPECT_TRUE(offsets.add(-400'000'000'000, TimeUnit::kSecond));
    EXPECT_EQ(offsets.add(-400'000'000'001, TimeUnit::kSecond).error().message,
              "an offset of 400000000001 is too large");
    EXPECT_FALSE(offsets.add(400'000'000'000, TimeUnit::kMinute));
    EXPECT_TRUE(offsets.add(500'000, TimeUnit::kWeek));
    EXPECT_FALSE(offsets.add(500'001, TimeUnit::kYear));
}

}  // namespace

}  // namespace kurabe::store
