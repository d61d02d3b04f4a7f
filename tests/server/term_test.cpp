// Terms, x grids and dates are Kurado's.
#include "server/term.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

using store::Seconds;
using store::Time;
using testing::HasSubstr;

constexpr Time kTermNow{Seconds{1767323045}};  // 2026-01-02 03:04:05 UTC

TEST(Term, TableIsKurados) {
    struct Row {
        const char* name;
        const char* title;
        int seconds;
        const char* x_grid;
    };
    const Row rows[] = {
        {"1hour", "Hour", 4200, "MINUTE:10:MINUTE:20:MINUTE:10:0:%H:%M"},
        {"4hours", "4 Hours", 14400, "MINUTE:30:HOUR:1:HOUR:1:0:%H:%M"},
        {"8hours", "8 Hours", 28800, "MINUTE:30:HOUR:1:HOUR:1:0:%H:%M"},
        {"day", "Day", 118800, "HOUR:2:HOUR:4:HOUR:4:0:%H:%M"},
        {"3days", "3 Days", 259200, "HOUR:6:DAY:1:HOUR:12:0:%H:%M"},
        {"week", "Week", 691200, "DAY:1:DAY:1:DAY:1:86400:%a"},
        {"month", "Month", 3024000, "WEEK:1:WEEK:1:WEEK:1:604800:Week %W"},
        {"year", "Year", 34560000, "MONTH:1:MONTH:1:MONTH:1:2592000:%b"},
    };
    for (const Row& row : rows) {
        const auto term = parse_term(row.name);
        ASSERT_TRUE(term) << row.name;
        const TimeWindow window = window_until(*term, kTermNow);
        EXPECT_EQ(window.title, row.title);
        EXPECT_EQ(window.start, kTermNow - Seconds{row.seconds}) << row.name;
        EXPECT_EQ(window.end, kTermNow);
        EXPECT_EQ(window.x_grid, row.x_grid) << row.name;
    }
    EXPECT_EQ(parse_term("custom"), Term::kCustom);
}

TEST(Term, UnknownNamesAreRefusedWithTheKnownOnes) {
    for (const char* bad : {"", "Day", "2days", "day ", "days"}) {
        const auto term = parse_term(bad);
        ASSERT_FALSE(term) << bad;
        EXPECT_THAT(term.error().message, HasSubstr("8hours"));
    }
}

TEST(Term, CustomGridFollowsTheSpan) {
    const auto grid = [](int seconds) {
        return custom_window(kTermNow, kTermNow + Seconds{seconds}, store::TimeZone::utc())->x_grid;
    };
    constexpr int kDay = 86400;
    EXPECT_EQ(grid(20 * 60 - 1), "MINUTE:1:MINUTE:5:MINUTE:5:0:%H:%M");
    EXPECT_EQ(grid(3600 - 1), "MINUTE:5:MINUTE:10:MINUTE:10:0:%H:%M");
    EXPECT_EQ(grid(3600), "MINUTE:10:MINUTE:30:MINUTE:30:0:%H:%M");
    EXPECT_EQ(grid(3 * 3600 - 1), "MINUTE:10:MINUTE:30:MINUTE:30:0:%H:%M");
    EXPECT_EQ(grid(3 * 3600), "HOUR:1:DAY:1:HOUR:2:0:%H:%M");
    EXPECT_EQ(grid(4 * kDay - 1), "HOUR:1:DAY:1:HOUR:2:0:%H:%M");
    EXPECT_EQ(grid(4 * kDay), "DAY:1:DAY:7:DAY:2:0:%m/%d");
    EXPECT_EQ(grid(14 * kDay), "DAY:1:WEEK:1:WEEK:1:0:%m/%d");
    EXPECT_EQ(grid(45 * kDay), "WEEK:1:MONTH:1:MONTH:1:2592000:%b");
}

TEST(Term, ARangeAsLongAsATermCanHaveItsGrid) {
    for (const TermRule& rule : term_rules()) {
        if (rule.term == Term::kCustom) continue;
        for (const int more : {-1, 0, 1}) {
            const Time end = kTermNow + rule.span + Seconds{more};
            auto window = custom_window(kTermNow, end, store::TimeZone::utc()).value();
            const std::string own = window.x_grid;
            use_grid_of_term(window);
            EXPECT_EQ(window.x_grid, more == 0 ? rule.x_grid : own) << rule.name;
        }
    }
}

TEST(Term, CustomRangeNamesItsEnds) {
    const auto window = custom_window(kTermNow, kTermNow + Seconds{60}, store::TimeZone::utc());
    EXPECT_EQ(window->title, "2026-01-02 03:04:05 to 2026-01-02 03:05:05");
    EXPECT_FALSE(custom_window(kTermNow, kTermNow, store::TimeZone::utc()));
    EXPECT_FALSE(custom_window(kTermNow, kTermNow - Seconds{1}, store::TimeZone::utc()));
}

TEST(Date, ManySpellingsMeanTheSameTime) {
    const auto tokyo = store::TimeZone::locate("Asia/Tokyo");
    ASSERT_TRUE(tokyo);
    for (const char* text : {"2026-01-02 12:04:05", "2026-01-02T12:04:05", "2026/01/02 12:04:05",
                             "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00",
                             "2026-01-01T22:34:05-0430", "1767323045"}) {
        EXPECT_EQ(parse_date(text, *tokyo), kTermNow) << text;
    }
    EXPECT_EQ(parse_date("2026-01-02 12:04", *tokyo), kTermNow - Seconds{5});
    EXPECT_EQ(parse_date("2026-01-02", *tokyo), Time{Seconds{1767279600}});
    EXPECT_EQ(parse_date("2024-02-29", *tokyo), Time{Seconds{1709132400}});
}

TEST(Date, WhatIsNoDateIsRefused) {
    for (const char* bad :
         {"", " ", "yesterday", "2026-1-2", "2026-13-01", "2026-02-29", "2026-04-31",
          "2026-01-02 24:00", "2026-01-02 3:04", "2026-01-02 03:60", "2026-01-02 03:04:60",
          "2026-01-02 03:04:05x", "2026-01-02 03:04 ", "1970-01-01 00:00", "2106-01-01", "-1",
          "99999999999999999999", "4291747201", "2026-01-02T03:04+9"}) {
        EXPECT_FALSE(parse_date(bad, store::TimeZone::utc())) << bad;
    }
    EXPECT_FALSE(parse_date(std::string(100000, '1'), store::TimeZone::utc()));
}

TEST(Date, WhatIsWrittenIsReadBack) {
    const auto zone = store::TimeZone::locate("America/New_York");
    ASSERT_TRUE(zone);
    for (int hours = 0; hours < 24 * 400; hours += 37) {
        const Time time = kTermNow + std::chrono::hours{hours};
        EXPECT_EQ(parse_date(format_date(time, *zone), *zone), time) << format_date(time, *zone);
        EXPECT_EQ(parse_date(format_date_input(time, *zone), *zone),
                  std::chrono::floor<std::chrono::minutes>(time));
    }
}

}  // namespace
}  // namespace kurabe::server
