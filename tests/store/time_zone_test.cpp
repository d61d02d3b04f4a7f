#include "store/time_zone.hpp"

#include <array>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <locale>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace kurabe::store {

namespace {

Time at(std::int64_t seconds) {
    return Time{Seconds{seconds}};
}

std::tm libc_local(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm fields{};
    ::localtime_r(&time, &fields);
    return fields;
}

// strftime with a format that the compiler need not know.
std::string libc_format(std::string_view format, const std::tm& fields) {
    const std::time_put<char>& facet = std::use_facet<std::time_put<char>>(std::locale::classic());
    std::ostringstream out;
    facet.put(out, out, ' ', &fields, format.data(), format.data() + format.size());
    return out.str();
}

// Through a pointer it takes a format that the compiler does not know.
constexpr std::size_t (*kStrftime)(char*, std::size_t, const char*, const std::tm*) = std::strftime;

// Sets the C library's zone, which stands as the other opinion.
class LibcZone {
  public:
    explicit LibcZone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~LibcZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    LibcZone(const LibcZone&) = delete;
    LibcZone& operator=(const LibcZone&) = delete;
};

constexpr const char* kZones[] = {"Asia/Tokyo",     "Europe/Berlin", "America/New_York",
                                  "Asia/Kathmandu", "UTC",           "Australia/Lord_Howe"};

TEST(TimeZone, KnowsNamesOfTheDatabaseOnly) {
    EXPECT_TRUE(TimeZone::locate("Asia/Tokyo"));
    EXPECT_EQ(TimeZone::locate("Asia/Tokyo")->name(), "Asia/Tokyo");
    for (const char* const name : {"", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "JST"}) {
        const auto zone = TimeZone::locate(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_EQ(zone.error().code, ErrorCode::kNotFound);
    }
    EXPECT_FALSE(TimeZone::locate(std::string(10'000, 'a')));
}

TEST(TimeZone, SystemIsAlwaysSomeZone) {
    EXPECT_FALSE(TimeZone::system().name().empty());
}

TEST(TimeZone, CalendarsEqualTheCLibrarys) {
    std::mt19937_64 random(1);
    for (const char* const name : kZones) {
        const LibcZone libc(name);
        const TimeZone zone = TimeZone::locate(name).value();
        for (int i = 0; i < 2000; ++i) {
            // 1970 to 2037
            const auto seconds = static_cast<std::int64_t>(random() % 2'145'000'000);
            const std::tm expected = libc_local(seconds);
            const CalendarTime actual = zone.to_calendar(at(seconds));
            ASSERT_EQ(actual.year, expected.tm_year + 1900) << name << ' ' << seconds;
            ASSERT_EQ(actual.month, expected.tm_mon + 1) << name << ' ' << seconds;
            ASSERT_EQ(actual.day, expected.tm_mday) << name << ' ' << seconds;
            ASSERT_EQ(actual.hour, expected.tm_hour) << name << ' ' << seconds;
            ASSERT_EQ(actual.minute, expected.tm_min) << name << ' ' << seconds;
            ASSERT_EQ(actual.second, expected.tm_sec) << name << ' ' << seconds;
            ASSERT_EQ(actual.weekday, expected.tm_wday) << name << ' ' << seconds;
            ASSERT_EQ(actual.year_day, expected.tm_yday + 1) << name << ' ' << seconds;
            ASSERT_EQ(zone.utc_offset(at(seconds)).count(), expected.tm_gmtoff) << name;
        }
    }
}

// Of the process's own zone also where no file lists the changes: rules, and years after 2037.
TEST(TimeZone, TheSystemsIsTheCLibrarys) {
    std::mt19937_64 random(3);
    for (const char* const name : {"JST-9", "CET-1CEST,M3.5.0,M10.5.0/3", ":Europe/Berlin",
                                   "<+0545>-5:45", "Australia/Lord_Howe", "Nowhere/City", ""}) {
        const LibcZone libc(name);
        const TimeZone zone = TimeZone::system();
        for (int i = 0; i < 1000; ++i) {
            const auto seconds = static_cast<std::int64_t>(random() % 4'102'444'800);  // to 2099
            const std::string expected = libc_format("%F %T %z %Z", libc_local(seconds));
            ASSERT_EQ(zone.format("%F %T %z %Z", at(seconds)).value(), expected) << name;
            const Time back = zone.to_time(zone.to_calendar(at(seconds)));
            ASSERT_EQ(zone.format("%F %T", back).value(), zone.format("%F %T", at(seconds)).value())
                << name;
        }
    }
}

TEST(TimeZone, FormatsAsTheCLibrary) {
    constexpr std::string_view kFormat =
        "%a %A %b %B %d %e %H %I %j %m %M %p %S %s %u %U %V %G %g %w %W %y %Y %Z %z %T %D %F %R %n "
        "%t %c %x %X %h %%";
    std::mt19937_64 random(2);
    for (const char* const name : kZones) {
        const LibcZone libc(name);
        const TimeZone zone = TimeZone::locate(name).value();
        for (int i = 0; i < 500; ++i) {
            const auto seconds = static_cast<std::int64_t>(random() % 2'145'000'000);
            const std::tm fields = libc_local(seconds);
            const std::string expected = libc_format(kFormat, fields);
            ASSERT_EQ(zone.format(kFormat, at(seconds)).value(), expected) << name << seconds;
        }
    }
}

TEST(TimeZone, WeekNumbersAroundNewYear) {
    const TimeZone zone = TimeZone::utc();
    const LibcZone libc("UTC");
    for (int year = 1971; year < 2037; ++year) {
        for (int day = -4; day < 5; ++day) {
            const Time time = zone.to_time({.year = year, .month = 1, .day = day});
            const std::tm fields = libc_local(time.time_since_epoch().count());
            const std::string expected = libc_format("%F %U %V %G %g %W %j", fields);
            EXPECT_EQ(zone.format("%F %U %V %G %g %W %j", time).value(), expected);
        }
    }
}

TEST(TimeZone, FlagsWidthsAndWhatIsUnknownAreTheCLibrarys) {
    constexpr std::string_view kFlags = "_-0^#";
    constexpr std::string_view kLetters = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%QNEOq+ ";
    std::mt19937_64 random(4);
    const LibcZone libc("Asia/Kathmandu");
    const TimeZone zone = TimeZone::locate("Asia/Kathmandu").value();
    for (int i = 0; i < 20'000; ++i) {
        std::string format = "<%";
        while (random() % 3 == 0) format += kFlags[random() % kFlags.size()];
        if (random() % 3 == 0) format += std::to_string(random() % 30);
        if (random() % 4 == 0) format += random() % 2 == 0 ? 'E' : 'O';
        if (random() % 30 != 0) format += kLetters[random() % kLetters.size()];
        const auto seconds = static_cast<std::int64_t>(random() % 2'145'000'000);
        const std::tm fields = libc_local(seconds);
        std::array<char, 200> expected{};
        ASSERT_GT(kStrftime(expected.data(), expected.size(), format.c_str(), &fields), 0U);
        ASSERT_EQ(zone.format(format, at(seconds)).value(), expected.data()) << format;
    }
}

TEST(TimeZone, LongTextsAreErrors) {
    const TimeZone zone = TimeZone::utc();
    std::string many;
    for (int i = 0; i < 500; ++i) {
        many += "%c";
    }
    for (const std::string& format : {many, std::string(1001, 'x'), std::string("%99999999999H"),
                                      std::string("%2147483647s"), std::string("%1001%")}) {
        const auto text = zone.format(format, at(0));
        ASSERT_FALSE(text) << format;
        EXPECT_EQ(text.error().code, ErrorCode::kLimit);
    }
    EXPECT_EQ(zone.format(std::string(1000, 'x'), at(0)).value().size(), 1000U);
    EXPECT_EQ(zone.format("", at(0)), "");
}

TEST(TimeZone, FieldsOutOfRangeAreCarriedOver) {
    const TimeZone zone = TimeZone::utc();
    EXPECT_EQ(zone.to_time({.year = 2025, .month = 14, .day = 1}),
              zone.to_time({.year = 2026, .month = 2, .day = 1}));
    EXPECT_EQ(zone.to_time({.year = 2026, .month = -1, .day = 1}),
              zone.to_time({.year = 2025, .month = 11, .day = 1}));
    EXPECT_EQ(zone.to_time({.year = 2026, .month = 3, .day = 0}),
              zone.to_time({.year = 2026, .month = 2, .day = 28}));
    EXPECT_EQ(zone.to_time({.year = 2026, .month = 1, .day = 1, .second = -5}),
              zone.to_time(
                  {.year = 2025, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 55}));
}

TEST(TimeZone, SkippedTimesMoveOnAndDoubleOnesAreTheFirst) {
    const TimeZone zone = TimeZone::locate("Europe/Berlin").value();
    // 2026-03-29: 02:00 becomes 03:00; 2026-10-25: 03:00 becomes 02:00.
    EXPECT_EQ(
        zone.format("%F %T %Z",
                    zone.to_time({.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30}))
            .value(),
        "2026-03-29 03:30:00 CEST");
    EXPECT_EQ(
        zone.format("%F %T %Z",
                    zone.to_time({.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30}))
            .value(),
        "2026-10-25 02:30:00 CEST");
}

TEST(TimeZone, ExtremeTimesAndFieldsDoNotHarm) {
    const TimeZone zone = TimeZone::locate("Asia/Tokyo").value();
    for (const std::int64_t seconds :
         {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1'000'000'000'000'000},
          std::int64_t{1'000'000'000'000'000}, std::numeric_limits<std::int64_t>::max()}) {
        (void)zone.to_calendar(at(seconds));
        (void)zone.format("%c %s %G %V", at(seconds));
    }
    const int big = std::numeric_limits<int>::max();
    (void)zone.to_time(
        {.year = big, .month = big, .day = big, .hour = big, .minute = big, .second = big});
    (void)zone.to_time(
        {.year = -big, .month = -big, .day = -big, .hour = -big, .minute = -big, .second = -big});
}

}  // namespace

}  // namespace kurabe::store
