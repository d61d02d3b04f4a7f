#include "store/at_time.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {

namespace {

// Tuesday.
constexpr std::string_view kNowText = "2026-11-24 10:20:30";

class AtTime : public ::testing::Test {
  protected:
    std::string read(std::string_view text) const {
        const auto time = parse_time(text, now_, zone_);
        return time ? zone_.format("%F %T", *time).value() : time.error().message;
    }

    std::string read_range(std::string_view start, std::string_view end) const {
        const auto range = parse_time_range(start, end, now_, zone_);
        return range ? zone_.format("%F %T", range->start).value() + " to " +
                           zone_.format("%F %T", range->end).value()
                     : range.error().message;
    }

    TimeZone zone_ = TimeZone::locate("Asia/Tokyo").value();
    Time now_ = zone_.to_time(
        {.year = 2026, .month = 11, .day = 24, .hour = 10, .minute = 20, .second = 30});
};

TEST_F(AtTime, ReadsReferences) {
    EXPECT_EQ(read("now"), kNowText);
    EXPECT_EQ(read("N"), kNowText);
    EXPECT_EQ(read("midnight"), "2026-11-24 00:00:00");
    EXPECT_EQ(read("teatime tomorrow"), "2026-11-25 16:00:00");
    EXPECT_EQ(read("noon_yesterday"), "2026-11-23 12:00:00");
    EXPECT_EQ(read("9:30pm"), "2026-11-24 21:30:00");
    EXPECT_EQ(read("12am"), "2026-11-24 00:00:00");
    EXPECT_EQ(read("20260101"), "2026-01-01 00:00:00");
    EXPECT_EQ(read("10:00 20260101"), "2026-01-01 10:00:00");
    EXPECT_EQ(read("20260101 10:00"), "2026-01-01 10:00:00");
    EXPECT_EQ(read("12/31/2025"), "2025-12-31 00:00:00");
    EXPECT_EQ(read("31.12.99"), "1999-12-31 00:00:00");
    EXPECT_EQ(read("jan 5 2025"), "2025-01-05 10:20:30");
    EXPECT_EQ(read("8 monday"), "2026-11-23 08:00:00");
    EXPECT_EQ(parse_time("1300000000", now_, zone_).value(), Time{Seconds{1'300'000'000}});
}

TEST_F(AtTime, ReadsOffsets) {
    EXPECT_EQ(read("-1d"), "2026-11-23 10:20:30");
    EXPECT_EQ(read("now - 1 week"), "2026-11-17 10:20:30");
    EXPECT_EQ(read("-1w2d"), "2026-11-15 10:20:30");
    EXPECT_EQ(read("now-1h30"), "2026-11-24 09:20:00");
    EXPECT_EQ(read("noon+1h-30min"), "2026-11-24 12:30:00");
    EXPECT_EQ(read("-1y6mon"), "2025-05-24 10:20:30");
    EXPECT_EQ(read("epoch+1000000000s"), "2001-09-09 10:46:40");
}

TEST_F(AtTime, GuessesWhatASingleMMeans) {
    EXPECT_EQ(read("-5m"), "2026-06-24 10:20:30");
    EXPECT_EQ(read("-6m"), "2026-11-24 10:14:30");
    EXPECT_EQ(read("-1d7m"), "2026-04-23 10:20:30");
    EXPECT_EQ(read("-3h5m"), "2026-11-24 07:15:30");
}

// rrdtool 1.7.2 refuses these.
TEST_F(AtTime, ReadsDaysAloneAndIsoDates) {
    EXPECT_EQ(read("yesterday"), "2026-11-23 00:00:00");
    EXPECT_EQ(read("today"), "2026-11-24 00:00:00");
    EXPECT_EQ(read("monday"), "2026-11-23 00:00:00");
    EXPECT_EQ(read("yesterday 8:00"), "2026-11-23 08:00:00");
    EXPECT_EQ(read("2026-01-02"), "2026-01-02 00:00:00");
    EXPECT_EQ(read("2026-01-02 03:04"), "2026-01-02 03:04:00");
    EXPECT_EQ(read("2026-01-02T03:04:05"), "2026-01-02 03:04:05");
    EXPECT_EQ(read("2026-01-02T03:04-1d"), "2026-01-01 03:04:00");
    EXPECT_EQ(read("20260102-1d"), "2026-01-01 00:00:00");
    EXPECT_EQ(read("jan 5"), "2026-01-05 10:20:30");
    EXPECT_EQ(read("12/31"), "2026-12-31 00:00:00");
}

// rrdtool 1.7.2 takes the year 30000, the sign of the number before, no time at all, and the old
// offset from UTC.
TEST_F(AtTime, ReadsWhatRrdtoolMisreads) {
    EXPECT_EQ(read("12:00 jan 5"), "2026-01-05 12:00:00");
    EXPECT_EQ(read("12/31 12:00"), "2026-12-31 12:00:00");
    EXPECT_EQ(read("now-30+1w"), "2026-12-01 10:20:00");
    EXPECT_EQ(read("epoch+1000000000"), "2001-09-09 10:46:40");
    zone_ = TimeZone::locate("Europe/Berlin").value();
    EXPECT_EQ(read("1300000000"), "2011-03-13 08:06:40");
    EXPECT_EQ(read("1300000000+3mon"), "2011-06-13 08:06:40");
}

// Each of these is read as something unexpected by rrdtool 1.7.2: fractions as two numbers, unknown
// units as seconds, days that no month has as days of the next.
TEST_F(AtTime, RefusesWhatWouldBeMisread) {
    EXPECT_EQ(read("now-1.5d"), "unparsable trailing text: '....5d'");
    EXPECT_EQ(read("-1fortnight"), "unparsable trailing text: '...fortnight'");
    EXPECT_EQ(read("jan 32 2026"), "I'm afraid that 32 is not a valid day of the month");
}

TEST_F(AtTime, SaysWhatIsWrong) {
    EXPECT_EQ(read(""), "unparsable time: ");
    EXPECT_EQ(read("foo"), "unparsable time: foo");
    EXPECT_EQ(read("now+"), "There should be number after '+'");
    EXPECT_EQ(read("12:60"), "parsing HH:MM syntax, got MM = 60 (>59!)");
    EXPECT_EQ(read("12:"), "Parsing HH:MM syntax, expecting MM as number, got none");
    EXPECT_EQ(read("24:00"), "did you really mean month 24?");
    EXPECT_EQ(read("31.13.2025"), "did you really mean month 13?");
    EXPECT_EQ(read("1/32/2026"), "I'm afraid that 32 is not a valid day of the month");
    EXPECT_EQ(read("13pm"), "there cannot be more than 12 AM or PM hours");
    EXPECT_EQ(read("jan"), "the day of the month should follow month name");
    EXPECT_EQ(read("now now"), "if 'now' is followed by a token it must be +|- offset");
    EXPECT_EQ(read("end"), "'start' or 'end' MUST be followed by +|- offset");
    EXPECT_EQ(read("end-1d"),
              "specifying time relative to the 'start' or 'end' makes no sense here");
    EXPECT_EQ(read("1/1/50"), "won't handle dates before epoch (01/01/1970), sorry");
    EXPECT_EQ(read("8am foo"), "unparsable trailing text: '...foo'");
}

TEST_F(AtTime, RangesReferToTheirOtherEnd) {
    EXPECT_EQ(read_range("end-1d", "now"), "2026-11-23 10:20:30 to 2026-11-24 10:20:30");
    EXPECT_EQ(read_range("noon", "start+1h"), "2026-11-24 12:00:00 to 2026-11-24 13:00:00");
    EXPECT_EQ(read_range("e-1w", "midnight"), "2026-11-17 00:00:00 to 2026-11-24 00:00:00");
    EXPECT_EQ(read_range("end-1d", "start+1d"),
              "the start and end times cannot be specified relative to each other");
    EXPECT_EQ(read_range("start-1d", "now"),
              "the start time cannot be specified relative to itself");
    EXPECT_EQ(read_range("now", "end+1d"), "the end time cannot be specified relative to itself");
    EXPECT_EQ(read_range("foo", "now"), "start time: unparsable time: foo");
    EXPECT_EQ(read_range("now", "foo"), "end time: unparsable time: foo");
}

// In Berlin 2026-03-29 has 23 hours.
TEST_F(AtTime, DaysAreOfTheCalendarAndHoursAreNot) {
    zone_ = TimeZone::locate("Europe/Berlin").value();
    now_ = zone_.to_time({.year = 2026, .month = 3, .day = 29, .hour = 12});
    EXPECT_EQ(read("now-1d"), "2026-03-28 12:00:00");
    EXPECT_EQ(read("now-24h"), "2026-03-28 11:00:00");
}

// In Berlin the clock shows 02:00 to 03:00 of 2026-10-25 twice. rrdtool 1.7.2 takes either, by what
// its process has read before, also for now.
TEST_F(AtTime, OfTwoEqualHoursTheFirstIsMeant) {
    zone_ = TimeZone::locate("Europe/Berlin").value();
    const Time first{Seconds{1'792'888'200}};
    const Time second = first + Seconds{3600};
    ASSERT_EQ(zone_.format("%F %T %z", first), "2026-10-25 02:30:00 +0200");
    ASSERT_EQ(zone_.format("%F %T %z", second), "2026-10-25 02:30:00 +0100");
    for (const int month : {1, 7, 10, 12}) {
        now_ = zone_.to_time({.year = 2026, .month = month, .day = 5, .hour = 2, .minute = 30});
        for (const std::string_view text :
             {"20261025 02:30", "02:30 20261025", "02:30 oct 25 2026", "02:30 jan 1 2026 +297d",
              "02:30 jul 1 2026 +116d", "02:30 oct 18 2026 +1w", "02:30 nov 25 2026 -1mon",
              "02:30 oct 25 2028 -2y", "02:30 oct 25 2026 -1d+1mon+1d-1mon"}) {
            EXPECT_EQ(parse_time(text, now_, zone_), first) << text;
        }
        EXPECT_EQ(parse_time("02:30 oct 25 2026 +1h", now_, zone_), second);
        EXPECT_EQ(parse_time("03:30 oct 25 2026 -1h", now_, zone_), second);
    }
    for (const Time now : {first, second}) {
        now_ = now;
        EXPECT_EQ(parse_time("now", now_, zone_), now);
        EXPECT_EQ(parse_time("-1h", now_, zone_), now - Seconds{3600});
        for (const std::string_view text : {"02:30", "02:30 sunday", "02:30 yesterday +1d"}) {
            EXPECT_EQ(parse_time(text, now_, zone_), first) << text;
        }
    }
}

TEST_F(AtTime, HostileTextsEndQuickly) {
    EXPECT_FALSE(parse_time(std::string(1'000'000, '1'), now_, zone_));
    EXPECT_FALSE(parse_time(std::string(100'000, '+'), now_, zone_));
    EXPECT_FALSE(parse_time("now-99999999999999999999y", now_, zone_));
    EXPECT_FALSE(parse_time("now+999999999999999w", now_, zone_));
    EXPECT_TRUE(parse_time("now-500000d500000mon500000y", now_, zone_));
    EXPECT_TRUE(parse_time("99999999999999999999", now_, zone_));
    std::string many = "now";
    for (int i = 0; i < 40; ++i) {
        many += "500000w";
    }
    EXPECT_FALSE(parse_time(many, now_, zone_));
    EXPECT_TRUE(parse_time("now+500000w500000w500000w500000w500000w500000w", now_, zone_));
}

}  // namespace

}  // namespace kurabe::store
