// Grid times and labels of the x axis, also in nights in which clocks change.
#include "render/x_axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::render {
namespace {

using ::testing::ElementsAre;

store::TimeZone zone_of(std::string_view name) {
    return store::TimeZone::locate(name).value();
}

Time local(const store::TimeZone& zone, int year, int month, int day, int hour, int minute = 0) {
    return zone.to_time({.year = year, .month = month, .day = day, .hour = hour, .minute = minute});
}

std::vector<std::string> clocks(const std::vector<Time>& times, const store::TimeZone& zone,
                                std::string_view format = "%H:%M") {
    std::vector<std::string> texts;
    for (const Time time : times) texts.push_back(zone.format(format, time).value());
    return texts;
}

TEST(CalendarTimes, HoursJumpOverTheSkippedOneInSpring) {
    const auto berlin = zone_of("Europe/Berlin");
    const TimeSpan night = {local(berlin, 2023, 3, 26, 0), local(berlin, 2023, 3, 26, 6)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kHour, 1}, night, berlin, 100), berlin),
                ElementsAre("00:00", "01:00", "03:00", "04:00", "05:00"));
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kHour, 2}, night, berlin, 100), berlin),
                ElementsAre("00:00", "03:00", "04:00"));
}

TEST(CalendarTimes, TheRepeatedHourInAutumnHasItsLines) {
    const auto new_york = zone_of("America/New_York");
    const TimeSpan night = {local(new_york, 2023, 11, 5, 0), local(new_york, 2023, 11, 5, 4)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kMinute, 30}, night, new_york, 100), new_york),
                ElementsAre("00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30",
                            "03:00", "03:30"));
}

TEST(CalendarTimes, DaysAreMidnightsThoughTheyHave23And25Hours) {
    for (const std::string_view name : {"Europe/Berlin", "America/New_York", "Australia/Sydney"}) {
        const auto zone = zone_of(name);
        const TimeSpan year = {local(zone, 2023, 1, 1, 0), local(zone, 2024, 1, 1, 0)};
        const auto days = calendar_times({CalendarUnit::kDay, 1}, year, zone, 1000);
        EXPECT_EQ(days.size(), 365U) << name;
        for (const Time day : days) EXPECT_EQ(zone.to_calendar(day).hour, 0) << name;
    }
}

TEST(CalendarTimes, AHalfHourChangeKeepsTheGridOnTheWallClock) {
    const auto lord_howe = zone_of("Australia/Lord_Howe");
    const TimeSpan night = {local(lord_howe, 2023, 10, 1, 0), local(lord_howe, 2023, 10, 1, 5)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kHour, 1}, night, lord_howe, 100), lord_howe),
                ElementsAre("00:00", "01:00", "03:00", "04:00"));
}

TEST(CalendarTimes, AMidnightThatDoesNotExistIsTheDaysFirstMoment) {
    const auto beirut = zone_of("Asia/Beirut");
    const TimeSpan days = {local(beirut, 2022, 3, 26, 0), local(beirut, 2022, 3, 29, 0)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kDay, 1}, days, beirut, 10), beirut, "%d %H"),
                ElementsAre("26 00", "27 01", "28 00"));
}

TEST(CalendarTimes, WeeksBeginOnSunday) {
    const auto utc = store::TimeZone::utc();
    const TimeSpan span = {local(utc, 2023, 11, 15, 3), local(utc, 2023, 12, 1, 0)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kWeek, 1}, span, utc, 10), utc, "%a %d"),
                ElementsAre("Sun 19", "Sun 26"));
}

TEST(CalendarTimes, MonthsCountWithinTheYear) {
    const auto utc = store::TimeZone::utc();
    const TimeSpan span = {local(utc, 2023, 7, 22, 4), local(utc, 2024, 10, 27, 0)};
    EXPECT_THAT(clocks(calendar_times({CalendarUnit::kMonth, 5}, span, utc, 10), utc, "%b %Y"),
                ElementsAre("Nov 2023", "Apr 2024", "Sep 2024"));
}

TEST(CalendarTimes, MoreThanWantedAreNone) {
    const auto utc = store::TimeZone::utc();
    const TimeSpan century = {Time{}, Time{Seconds{3'000'000'000}}};
    EXPECT_TRUE(calendar_times({CalendarUnit::kSecond, 1}, century, utc, 1000).empty());
    EXPECT_TRUE(calendar_times({CalendarUnit::kDay, 0}, century, utc, 1000).empty());
}

TEST(CalendarTimes, TheEndOfTheCalendarIsTheLastPoint) {
    const auto utc = store::TimeZone::utc();
    const TimeSpan beyond = {Time{}, Time{Seconds{400'000'000'000}}};
    const auto times = calendar_times({CalendarUnit::kYear, 1000}, beyond, utc, 100);
    ASSERT_FALSE(times.empty());
    EXPECT_EQ(times.size(), 9U) << "2000, 3000...9000 and what the calendar shows for 10000";
    EXPECT_LE(times.back(), local(utc, 9999, 12, 31, 0));
}

TEST(CalendarTimes, AMillionSecondsAreCountedOverCenturies) {
    const auto utc = store::TimeZone::utc();
    const TimeSpan centuries = {Time{}, Time{Seconds{3'999'999'999}}};
    const auto times = calendar_times({CalendarUnit::kSecond, 1'000'000}, centuries, utc, 4000);
    ASSERT_EQ(times.size(), 4000U);
    EXPECT_EQ(times.back(), Time{Seconds{3'999'000'000}});
}

TEST(AutomaticGrid, SuitsTheSecondsOfAPixel) {
    const auto format = [](std::int64_t seconds) {
        return automatic_x_grid({Time{}, Time{Seconds{seconds}}}, 400).label_format;
    };
    EXPECT_EQ(format(60), "%H:%M:%S");
    EXPECT_EQ(format(4 * 3600), "%H:%M");
    EXPECT_EQ(format(86400), "%a %H:%M");
    EXPECT_EQ(format(7 * 86400), "%d %b");
    EXPECT_EQ(format(35 * 86400), "Week %V");
    EXPECT_EQ(format(400 * 86400), "%B %Y");
}

TEST(XAxis, LabelsOfWeeksHaveTheirOwnFormat) {
    GraphOptions options;
    options.start = Time{Seconds{1'700'000'000}};
    options.end = options.start + Seconds{35 * 86400};
    options.week_format = "KW %V";
    const auto weeks = x_axis(options, store::TimeZone::utc()).value();
    ASSERT_FALSE(weeks.labels.empty());
    EXPECT_EQ(weeks.labels.front().text, "KW 46");
    options.end = options.start + Seconds{7 * 86400};
    EXPECT_EQ(x_axis(options, store::TimeZone::utc()).value().labels.front().text, "15 Nov");
}

TEST(XAxis, TheGraphsZoneCountsBeforeTheCallers) {
    GraphOptions options;
    options.start = Time{Seconds{1'700'000'000}};
    options.end = options.start + Seconds{86400};
    options.zone = zone_of("Asia/Kathmandu");
    const auto axis = x_axis(options, store::TimeZone::utc()).value();
    ASSERT_FALSE(axis.major.empty());
    EXPECT_EQ(options.zone->to_calendar(axis.major.front()).minute, 0);
    EXPECT_EQ(axis.labels.front().text,
              options.zone->format("%a %H:%M", axis.labels.front().centre));
}

TEST(XAxis, ALabelIsCentredOverItsSpan) {
    const auto tokyo = zone_of("Asia/Tokyo");
    GraphOptions options;
    options.start = local(tokyo, 2023, 11, 14, 20);
    options.end = local(tokyo, 2023, 11, 17, 3);
    options.x_grid = XGrid{{CalendarUnit::kDay, 1},
                           {CalendarUnit::kDay, 1},
                           {CalendarUnit::kDay, 1},
                           Seconds{86400},
                           "%a"};
    const auto axis = x_axis(options, tokyo);
    ASSERT_TRUE(axis.has_value());
    ASSERT_EQ(axis->labels.size(), 2U);
    EXPECT_EQ(axis->labels[0].text, "Wed");
    EXPECT_EQ(axis->labels[0].centre, local(tokyo, 2023, 11, 15, 12));
    EXPECT_TRUE(axis->minor.empty()) << "every minor line is a major one here";
    EXPECT_EQ(axis->major.size(), 3U);
}

TEST(XAxis, ALabelSaysTheMiddleOfItsSpan) {
    GraphOptions options;
    options.start = Time{Seconds{1'700'006'400}};  // 2023-11-15 00:00
    options.end = options.start + Seconds{86400};
    options.x_grid = XGrid{{CalendarUnit::kHour, 1},
                           {CalendarUnit::kHour, 8},
                           {CalendarUnit::kHour, 8},
                           Seconds{14400},
                           "%H"};
    const auto axis = x_axis(options, store::TimeZone::utc());
    ASSERT_TRUE(axis.has_value());
    ASSERT_EQ(axis->labels.size(), 3U);
    EXPECT_EQ(axis->labels[0].text, "02");
}

// As rrdtool counts them: the first of two days is the one in which the plot begins.
TEST(XAxis, DaysAreCountedFromTheOneInWhichThePlotBegins) {
    const auto utc = zone_of("UTC");
    GraphOptions options;
    options.start = local(utc, 2023, 11, 6, 18);
    options.end = local(utc, 2023, 11, 14, 18);
    options.x_grid = XGrid{{CalendarUnit::kHour, 12},
                           {CalendarUnit::kDay, 1},
                           {CalendarUnit::kDay, 2},
                           Seconds{86400},
                           "%d"};
    const auto axis = x_axis(options, utc);
    ASSERT_TRUE(axis.has_value());
    std::vector<std::string> texts;
    for (const XLabel& label : axis->labels) texts.push_back(label.text);
    EXPECT_THAT(texts, ElementsAre("08", "10", "12", "14"));
}

TEST(XAxis, ALabelMayStandAtTheEnd) {
    GraphOptions options;
    options.start = Time{Seconds{1'700'006'400}};
    options.end = options.start + Seconds{6 * 3600};
    options.x_grid = XGrid{{CalendarUnit::kHour, 1},
                           {CalendarUnit::kHour, 2},
                           {CalendarUnit::kHour, 2},
                           Seconds{0},
                           "%H"};
    const auto axis = x_axis(options, store::TimeZone::utc());
    ASSERT_TRUE(axis.has_value());
    ASSERT_EQ(axis->labels.size(), 4U);
    EXPECT_EQ(axis->labels.back().text, "06");
    EXPECT_EQ(axis->major.size(), 3U) << "a line would be outside of the plot";
}

TEST(XAxis, ABadFormatIsAnError) {
    GraphOptions options;
    options.start = Time{};
    options.end = Time{Seconds{86400}};
    options.x_grid = XGrid{{CalendarUnit::kHour, 1},
                           {CalendarUnit::kHour, 6},
                           {CalendarUnit::kHour, 6},
                           Seconds{0},
                           "%1001H"};
    EXPECT_FALSE(x_axis(options, store::TimeZone::utc()).has_value());
}

}  // namespace
}  // namespace kurabe::render
