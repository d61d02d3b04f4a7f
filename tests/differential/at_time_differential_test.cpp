// AT-style times against rrdtool, in several zones: the start of a new file.
// Left out is what rrdtool 1.7.2 misreads: a sign after a number without unit is lost ("-38+1w" is
// -38+1w of the old sign), days over 31 after a month's name, dates in digits with offsets (it
// refuses them), dates without a year before a time ("1/1" is in 30000), "epoch+N", and months from
// an epoch across a change to summer time, where it keeps the old offset.
// Of an hour that the clock shows twice rrdtool takes either, by mktime(3)'s memory of the time
// that the process resolved before. So that is one of summer before each text, which makes it the
// first.
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/at_time.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

namespace {

constexpr std::array kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                "jul", "aug", "sep", "oct", "nov", "dec"};

// The clock that rrdtool reads, which may lag some milliseconds behind the finer ones.
store::Time clock_seconds() {
    return store::Time{store::Seconds{std::time(nullptr)}};
}

// A value of TZ for both sides, and where ours has the zone from.
struct Zone {
    const char* tz;
    bool is_named = false;  // in the tz database; else the C library's

    friend std::ostream& operator<<(std::ostream& stream, const Zone& zone) {
        return stream << zone.tz << (zone.is_named ? " by name" : "");
    }
};

class AtTimeDifferential : public ::testing::TestWithParam<Zone> {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) {
            GTEST_SKIP() << "rrdtool is not installed";
        }
        ::setenv("TZ", GetParam().tz, 1);
        ::tzset();
        zone_ = GetParam().is_named ? store::TimeZone::locate(GetParam().tz).value()
                                    : store::TimeZone::system();
        rrdtool_ = std::make_unique<RrdtoolProcess>();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }

    store::Seconds offset_of_month(int month) const {
        return zone_.utc_offset(zone_.to_time({.year = 2026, .month = month, .day = 1}));
    }
    // By how much summer time is ahead.
    store::Seconds change() const {
        return std::chrono::abs(offset_of_month(7) - offset_of_month(1));
    }
    // In the middle of the hour after the clocks are put back in 2026; nullopt when they are not.
    std::optional<store::CalendarTime> equal_hour() const {
        const store::Time begin = zone_.to_time({.year = 2026});
        for (store::Time time = begin; time < begin + std::chrono::days{365};
             time += std::chrono::minutes{30}) {
            if (zone_.utc_offset(time) < zone_.utc_offset(time - store::Seconds{1})) {
                return zone_.to_calendar(time + change() / 2);
            }
        }
        return std::nullopt;
    }
    bool july_is_summer() const { return offset_of_month(7) >= offset_of_month(1); }

    // What rrdtool says after it has resolved a time of that half year.
    std::string rrdtool_time_after(bool summer, const std::string& text) {
        rrdtool_time(july_is_summer() == summer ? "jul 1 2026" : "jan 1 2026");
        return rrdtool_time(text);
    }

    // The time as a new file's last update; the message when it is refused.
    std::string rrdtool_time(const std::string& text) {
        const std::string file = (directory_.path() / "x.rrd").string();
        const auto created = rrdtool_->run(
            fmt::format("create {} --start '{}' DS:a:GAUGE:60:U:U RRA:LAST:0:1:1", file, text));
        if (!created.ok) {
            return created.text;
        }
        const std::string last = rrdtool_->run("last " + file).text;
        return last.substr(0, last.find('\n'));
    }

    std::string our_time(const std::string& text, store::Time now) const {
        const auto time = store::parse_time(text, now, zone_);
        return time ? fmt::format("{}", time->time_since_epoch().count())
                    : "start time: " + time.error().message;
    }

    // In the second of two equal hours, rrdtool takes an hour ago for now.
    bool is_second_of_two(store::Time time) const {
        return zone_.to_time(zone_.to_calendar(time)) != time;
    }

    // Seconds may pass between the two sides' looking at the clock.
    void expect_same(const std::string& text) {
        const store::Time before = clock_seconds();
        if (is_second_of_two(before)) return;
        const std::string expected = rrdtool_time_after(true, text);
        const store::Time after = clock_seconds();
        store::Time now = before;
        while (now < after && our_time(text, now) != expected) now += store::Seconds{1};
        EXPECT_EQ(expected, our_time(text, now)) << "'" << text << "' " << GetParam();
    }

    // After a time of winter rrdtool takes the second.
    void expect_two_readings(const std::string& text) {
        const std::string second = rrdtool_time_after(false, text);
        const std::string first = rrdtool_time_after(true, text);
        EXPECT_EQ(std::stoll(second) - std::stoll(first), change().count())
            << "'" << text << "' " << GetParam();
    }

    TemporaryDirectory directory_;
    store::TimeZone zone_ = store::TimeZone::utc();
    std::unique_ptr<RrdtoolProcess> rrdtool_;
};

TEST_P(AtTimeDifferential, Table) {
    for (const char* const text : {
             "now",
             "n",
             "1300000000",
             "1300000000+1d",
             "20260101",
             "20260101 10:00",
             "10:00 20260101",
             "12/31/2025",
             "31.12.2025",
             "1/1/99",
             "1.1.37",
             "1/1/50",
             "jan 5 2026",
             "jan 5",
             "march 8 1999",
             "jan 5 2026 10:00",
             "8:00",
             "9am",
             "9:30pm",
             "9:30 pm",
             "12",
             "19",
             "12am",
             "12pm",
             "0am",
             "noon yesterday",
             "midnight monday",
             "teatime tomorrow",
             "noon sun",
             "noon wed",
             "noon saturday",
             "8 monday",
             "8pm today",
             "10 am tomorrow",
             "-1m",
             "-5m",
             "-6m",
             "-7m",
             "-1y6m",
             "-3h20m",
             "-1d2m",
             "-1w2d",
             "now-1h30",
             "now - 1 week",
             "now_-1d",
             "NOON,TODAY-3DAYS",
             "noon+1h-30min",
             "noon jan 5",
             "noon jan 5 2025",
             "-1month",
             "-1months",
             "-1hr",
             "-2wk",
             "-1yr",
             "-2h3m",
             "-2h-3m",
             "now+1d-1m",
             "feb 30",
             "24:00",
             "25",
             "8.00",
             "31.13.2025",
             "13/31/2025",
             "20261301",
             "12:60",
             "12:",
             "13pm",
             "foo",
             "now+",
             "now-",
             "start",
             "end",
             "now now",
             "now 5",
             "noon noon",
             "8am foo",
             "1d",
             "1e9",
             "--1",
             "now--1",
             "jan",
             "9:30:15",
             "jan 5 10:00",
             "20260101 1000",
             "1/32/2026",
             "0/1/2026",
             "830",
             "sept 5",
             "tues",
             "noon tues",
             "5 may",
             "315360000",
             "",
         }) {
        expect_same(text);
    }
}

// Months from a day that does not exist, and days from an hour that does not.
TEST_P(AtTimeDifferential, OffsetsFromFieldsThatAreCarriedOver) {
    for (const char* const base : {"noon feb 29 2023", "noon 30.2.2023", "12:00 20150229",
                                   "noon 31.4.2024", "20230229 23:30", "noon feb 29 2024",
                                   "noon jan 31 2023", "20260329 02:30", "20260308 02:30"}) {
        for (const char* const offset : {"", "+1mon", "-1mon", "+1y", "-1d", "+2w", "-1y1mon+3d"}) {
            expect_same(fmt::format("{} {}", base, offset));
        }
    }
}

// Times in and around the hours that a change to or from summer time skips or repeats.
TEST_P(AtTimeDifferential, AroundChanges) {
    std::vector<std::string> days = {"20260329", "20261025", "20260308",
                                     "20261101", "20260405", "20261004"};
    // The last year that files of zones list is 2037, and named zones end with it.
    if (!GetParam().is_named) days.insert(days.end(), {"20460325", "20461028", "20601031"});
    for (const std::string& day : days) {
        for (const char* const time :
             {"00:30", "01:30", "01:59", "02:00", "02:30", "03:00", "03:30", "23:30"}) {
            expect_same(day + " " + time);
        }
    }
}

// Each kind of text that names an hour that is there twice, whatever the time of day is now.
TEST_P(AtTimeDifferential, OfTwoEqualHoursOursIsTheFirst) {
    const auto hour = equal_hour();
    if (!hour) return;  // no summer time
    const auto days_from = [&](store::Time time) {
        const auto days_of = [&](store::Time of) {
            store::CalendarTime fields = zone_.to_calendar(of);
            fields.hour = 12;  // no day begins or ends there
            return zone_.to_time(fields);
        };
        return std::chrono::round<std::chrono::days>(days_of(zone_.to_time(*hour)) - days_of(time))
            .count();
    };
    const auto first_of = [&](int month) {
        return zone_.to_time({.year = 2026, .month = month, .day = 1});
    };
    const std::string compact = fmt::format("2026{:02}{:02}", hour->month, hour->day);
    const std::string clock = fmt::format("{:02}:{:02}", hour->hour, hour->minute);
    const std::string named =
        fmt::format("{} {} {} 2026", clock, kMonths[hour->month - 1], hour->day);
    for (const std::string& text :
         {compact + " " + clock, clock + " " + compact, named, named + " +3h-3h",
          named + " -2y3mon+3mon2y",
          fmt::format("{} jan 1 2026 {:+}d", clock, days_from(first_of(1))),
          fmt::format("{} jul 1 2026 {:+}d -1w1d+8d -90min", clock, days_from(first_of(7)))}) {
        expect_same(text);
        expect_two_readings(text);
    }
    expect_same(fmt::format("{} {:+}d", clock, days_from(clock_seconds())));
    expect_same(fmt::format("{} today {:+}d-1w+1w", clock, days_from(clock_seconds())));
}

TEST_P(AtTimeDifferential, RandomTexts) {
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937 random(seed);
    const auto any = [&random](const std::vector<std::string>& words) {
        return words[random() % words.size()];
    };
    for (int i = 0; i < 300; ++i) {
        std::string text =
            any({"now", "n", "", "noon", "midnight yesterday", "10:15", "8pm", "1.3.2025",
                 "10/26/2025", "1700000000", "noon sunday", "teatime", "jul 4 2024"});
        const bool all_digits = text.find_first_of("/.") != std::string::npos;
        const int offsets =
            all_digits ? 0 : static_cast<int>(random() % 4) + (text.empty() ? 1 : 0);
        const bool epoch = text.starts_with("17");
        for (int k = 0; k < offsets; ++k) {
            text += any({"+", "-", " - ", "_-"});
            text += epoch || random() % 2 == 0
                        ? fmt::format("{}{}", random() % 40, any({"s", "sec", "min", "h", "hours"}))
                        : fmt::format("{}{}", random() % 10,
                                      any({"m", "d", "days", "w", "weeks", "mon", "months", "y"}));
        }
        expect_same(text);
    }
}

INSTANTIATE_TEST_SUITE_P(Named, AtTimeDifferential,
                         ::testing::Values(Zone{"UTC", true}, Zone{"Asia/Tokyo", true},
                                           Zone{"Europe/Berlin", true},
                                           Zone{"America/New_York", true}));

// Rules as in POSIX, files by name, changes in the southern summer, by half an hour, at negative
// times of the day; what is no zone is UTC to the C library.
INSTANTIATE_TEST_SUITE_P(
    OfTheProcess, AtTimeDifferential,
    ::testing::Values(Zone{"JST-9"}, Zone{"CET-1CEST,M3.5.0,M10.5.0/3"}, Zone{":Europe/Berlin"},
                      Zone{"America/New_York"}, Zone{"EST5EDT"}, Zone{"<+0545>-5:45"},
                      Zone{"Australia/Lord_Howe"}, Zone{"NZST-12NZDT,M9.5.0,M4.1.0/3"},
                      Zone{"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1"}, Zone{"IST-2IDT,J60/1,300/2"},
                      Zone{"Nowhere/City"}, Zone{""}));

}  // namespace

}  // namespace kurabe::tests
