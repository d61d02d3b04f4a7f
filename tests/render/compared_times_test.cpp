// The same clock times over each other through changes to and from summer time.
#include "render/compared_times.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "render/graph_options.hpp"

namespace kurabe::render {
namespace {

store::TimeZone zone_of(const char* name) {
    return store::TimeZone::locate(name).value();
}

struct Clock {
    int month;
    int day;
    int hour;
    int minute = 0;
};
Time at(const store::TimeZone& zone, int year, Clock clock) {
    return zone.to_time({.year = year,
                         .month = clock.month,
                         .day = clock.day,
                         .hour = clock.hour,
                         .minute = clock.minute});
}

std::string shown(const store::TimeZone& zone, std::optional<Time> time) {
    return time ? zone.format("%d %H:%M", *time).value() : "none";
}

constexpr Seconds kHour{3600};

// A day of the week before under the day of the change, and the other way round.
ComparedTimes by_clock(const store::TimeZone& zone, int year, Clock first, Clock second) {
    const Time start = at(zone, year, first);
    ++first.day;
    return {
        start, at(zone, year, first), {at(zone, year, second), ComparisonAlignment::kClock}, zone};
}

TEST(ComparedTimes, ByTheStartEveryTimeIsEquallyFar) {
    const auto berlin = zone_of("Europe/Berlin");
    const Time start = at(berlin, 2026, {3, 29, 0});
    const Time second = at(berlin, 2026, {3, 22, 0});
    const ComparedTimes times(start, start + 24 * kHour, {second, ComparisonAlignment::kStart},
                              berlin);
    EXPECT_EQ(times.below(start + 5 * kHour), second + 5 * kHour);
    EXPECT_EQ(times.above(second + 5 * kHour), start + 5 * kHour);
    EXPECT_EQ(times.end(), second + 24 * kHour);
}

TEST(ComparedTimes, AShortDayBelowAUsualOneHasAnEmptyHour) {
    const auto berlin = zone_of("Europe/Berlin");
    const auto times = by_clock(berlin, 2026, {4, 5, 0}, {3, 29, 0});
    const auto below = [&](Clock clock) {
        return shown(berlin, times.below(at(berlin, 2026, clock)));
    };
    EXPECT_EQ(below({4, 5, 1, 59}), "29 01:59");
    EXPECT_EQ(below({4, 5, 2}), "none");
    EXPECT_EQ(below({4, 5, 2, 59}), "none");
    EXPECT_EQ(below({4, 5, 3}), "29 03:00");
    EXPECT_EQ(below({4, 5, 23}), "29 23:00");
    EXPECT_EQ(times.end() - times.start(), 23 * kHour);
    EXPECT_EQ(shown(berlin, times.near(at(berlin, 2026, {4, 5, 2, 30}))), "29 03:30");
}

TEST(ComparedTimes, AUsualDayBelowAShortOneSkipsAnHour) {
    const auto berlin = zone_of("Europe/Berlin");
    const auto times = by_clock(berlin, 2026, {3, 29, 0}, {3, 22, 0});
    const Time change = at(berlin, 2026, {3, 29, 3});
    EXPECT_EQ(shown(berlin, times.below(change - Seconds{1})), "22 01:59");
    EXPECT_EQ(shown(berlin, times.below(change)), "22 03:00");
    EXPECT_EQ(times.above(at(berlin, 2026, {3, 22, 2, 30})), std::nullopt);
    EXPECT_EQ(times.end() - times.start(), 24 * kHour);
}

TEST(ComparedTimes, OfALongDayBelowAUsualOneTheFirstOfTwoHoursIsTaken) {
    const auto berlin = zone_of("Europe/Berlin");
    const auto times = by_clock(berlin, 2026, {11, 1, 0}, {10, 25, 0});
    const Time two = at(berlin, 2026, {10, 25, 2});
    EXPECT_EQ(times.below(at(berlin, 2026, {11, 1, 2})), two);
    EXPECT_EQ(times.below(at(berlin, 2026, {11, 1, 2, 59})), two + Seconds{59 * 60});
    EXPECT_EQ(times.below(at(berlin, 2026, {11, 1, 3})), two + 2 * kHour);
    EXPECT_EQ(times.end() - times.start(), 25 * kHour);
}

TEST(ComparedTimes, AUsualDayBelowALongOneShowsAnHourTwice) {
    const auto berlin = zone_of("Europe/Berlin");
    const auto times = by_clock(berlin, 2026, {10, 25, 0}, {10, 18, 0});
    const Time two = at(berlin, 2026, {10, 25, 2});
    EXPECT_EQ(shown(berlin, times.below(two)), "18 02:00");
    EXPECT_EQ(shown(berlin, times.below(two + kHour)), "18 02:00");
    EXPECT_EQ(shown(berlin, times.below(two + 2 * kHour)), "18 03:00");
    EXPECT_EQ(times.end() - times.start(), 24 * kHour);
}

// The same change below itself: both hours have their own.
TEST(ComparedTimes, TwoLongDaysHaveBothHours) {
    const auto berlin = zone_of("Europe/Berlin");
    const Time start = at(berlin, 2026, {10, 25, 0});
    const ComparedTimes times(start, start + 25 * kHour,
                              {at(berlin, 2026, {10, 25, 0}), ComparisonAlignment::kClock}, berlin);
    for (Time time = start; time <= start + 25 * kHour; time += Seconds{1800}) {
        EXPECT_EQ(times.below(time), time);
        EXPECT_EQ(times.above(time), time);
    }
}

// Lord Howe Island changes by half an hour, at two o'clock.
TEST(ComparedTimes, HalfHoursChangeToo) {
    const auto island = zone_of("Australia/Lord_Howe");
    const auto spring = by_clock(island, 2026, {10, 11, 0}, {10, 4, 0});
    EXPECT_EQ(shown(island, spring.below(at(island, 2026, {10, 11, 1, 59}))), "04 01:59");
    EXPECT_EQ(shown(island, spring.below(at(island, 2026, {10, 11, 2, 15}))), "none");
    EXPECT_EQ(shown(island, spring.below(at(island, 2026, {10, 11, 2, 30}))), "04 02:30");
    EXPECT_EQ(spring.end() - spring.start(), 23 * kHour + kHour / 2);
    const auto autumn = by_clock(island, 2026, {4, 12, 0}, {4, 5, 0});
    const Time half_past_one = at(island, 2026, {4, 5, 1, 30});
    EXPECT_EQ(autumn.below(at(island, 2026, {4, 12, 1, 45})), half_past_one + Seconds{900});
    EXPECT_EQ(autumn.below(at(island, 2026, {4, 12, 2})), half_past_one + kHour);
    EXPECT_EQ(autumn.end() - autumn.start(), 24 * kHour + kHour / 2);
}

// Whatever the zone, what lies below shows the same clock, and leads back.
TEST(ComparedTimes, EveryQuarterOfAnHourOfAYearKeepsItsClock) {
    for (const char* name : {"Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "UTC"}) {
        const auto zone = zone_of(name);
        const Time start = at(zone, 2026, {1, 1, 0});
        const Time end = at(zone, 2026, {12, 31, 0});
        const ComparedTimes times(start, end,
                                  {at(zone, 2025, {1, 1, 6}), ComparisonAlignment::kClock}, zone);
        for (Time time = start; time < end; time += Seconds{900}) {
            const auto below = times.below(time);
            if (!below) continue;
            const Seconds apart = time - *below + zone.utc_offset(time) - zone.utc_offset(*below);
            ASSERT_EQ(apart, (365 * 24 - 6) * kHour) << name << ' ' << shown(zone, time);
            const auto above = times.above(*below);
            ASSERT_TRUE(above.has_value());
            ASSERT_LE(std::chrono::abs(*above - time), kHour);
        }
    }
}

TEST(OffsetTable, SaysWhatTheZoneSays) {
    for (const char* name : {"Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo"}) {
        const auto zone = zone_of(name);
        const Time start = at(zone, 2024, {1, 1, 0});
        const OffsetTable table(start, start + 24 * 800 * kHour, zone);
        for (Time time = start - 24 * 40 * kHour; time < start + 24 * 840 * kHour;
             time += Seconds{600}) {
            ASSERT_EQ(table.at(time), zone.utc_offset(time)) << name;
        }
    }
    const auto berlin = zone_of("Europe/Berlin");
    const Time change = at(berlin, 2026, {3, 29, 3});
    const OffsetTable table(change - 5 * kHour, change + kHour, berlin);
    EXPECT_EQ(table.at(change - Seconds{1}), kHour);
    EXPECT_EQ(table.at(change), 2 * kHour);
}

TEST(ComparedTimes, ShortRangesAroundAChangeAreNeverEmpty) {
    const auto berlin = zone_of("Europe/Berlin");
    const Time start = at(berlin, 2026, {11, 1, 2, 40});
    const Time two = at(berlin, 2026, {10, 25, 2});
    for (int minutes = 0; minutes < 240; ++minutes) {
        const Time second = two + Seconds{60 * minutes};
        const ComparedTimes times(start, start + Seconds{600},
                                  {second, ComparisonAlignment::kClock}, berlin);
        EXPECT_LT(times.start(), times.end()) << minutes;
    }
}

TEST(ComparedTimes, TheClockIsUsualWhereBothBeginAtTheSameTimeOfDay) {
    const auto berlin = zone_of("Europe/Berlin");
    const Time start = at(berlin, 2026, {3, 30, 14});
    EXPECT_EQ(usual_alignment(start, at(berlin, 2026, {3, 23, 14}), berlin),
              ComparisonAlignment::kClock);
    EXPECT_EQ(usual_alignment(start, start - 7 * 24 * kHour, berlin), ComparisonAlignment::kStart);
}

// The day of the change and the day before, each with the scale of the other.
TEST(ComparedTimes, ARangeThatOnlyTheScaleHoldsIsAsLongAsTheGraphsOwn) {
    const auto berlin = zone_of("Europe/Berlin");
    const auto compared_with = [&](const char* option) {
        const std::vector<std::string> words{"--start",        "20260329 00:00", "--end",
                                             "20260330 00:00", option,           "20260328 00:00"};
        const auto parsed = parse_options(words, at(berlin, 2026, {5, 1, 0}), berlin);
        const GraphOptions& options = parsed.value().options;
        return ComparedTimes(options.start, options.end, options.comparison.value(), berlin).end();
    };
    EXPECT_EQ(compared_with("--compare"), at(berlin, 2026, {3, 29, 0}));
    EXPECT_EQ(compared_with("--scale-with"), at(berlin, 2026, {3, 28, 23}));
}

}  // namespace
}  // namespace kurabe::render
