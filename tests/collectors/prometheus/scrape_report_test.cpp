// Which metrics are kept, and what they are called.
#include "collectors/prometheus/scrape_report.hpp"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sample.hpp"
#include "tests/collectors/prometheus/report_values.hpp"

namespace kurabe::collectors::prometheus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr store::Time kScrapedNow{store::Seconds{1'700'000'000}};

std::map<std::string, double> scraped(std::string_view text, const Selection& selection = {}) {
    const auto exposition = read_exposition(text);
    EXPECT_TRUE(exposition.has_value());
    return values(scrape_report(*exposition, selection, "h", "prom:9100", kScrapedNow));
}

TEST(ScrapeReport, KeysAreNamesAndLabels) {
    EXPECT_THAT(scraped("# TYPE up gauge\nup 1\n# TYPE r_total counter\n"
                        "r_total{path=\"/a b\",code=\"2.0\"} 10.4\nr_total{code=\"4\"} 11.6\n"
                        "x_total 7\nx 7.5\n"),
                ElementsAre(Pair("r_total.2_0-_a_b.derive", 10), Pair("r_total.4.derive", 12),
                            Pair("up.gauge", 1), Pair("x.gauge", 7.5), Pair("x_total.derive", 7)));
}

TEST(ScrapeReport, SecondsAreCountedInMilliseconds) {
    EXPECT_THAT(
        scraped("# TYPE cpu_seconds_total counter\ncpu_seconds_total 1.2345\n"
                "# TYPE d_seconds histogram\nd_seconds_bucket{le=\"1\"} 3\nd_seconds_sum 2.5\n"
                "d_seconds_count 4\nd_seconds_created 1700000000\n"
                "# TYPE t_seconds gauge\nt_seconds 0.25\n"),
        ElementsAre(Pair("cpu_seconds_total_ms.derive", 1235), Pair("d_seconds_count.derive", 4),
                    Pair("d_seconds_sum_ms.derive", 2500), Pair("t_seconds.gauge", 0.25)));
}

TEST(ScrapeReport, WhatIsNoNumberOrThereAlreadyIsLeftOut) {
    EXPECT_THAT(scraped("a NaN\nb +Inf\nc_total 1e300\nd{x=\"a/b\"} 1\nd{x=\"a:b\"} 2\n"),
                ElementsAre(Pair("d.a_b.gauge", 1)));
    EXPECT_THAT(scraped(std::string(600, 'n') + " 1\n"), IsEmpty());
}

TEST(ScrapeReport, TakesWhatIsIncludedAndNotExcluded) {
    const std::string text = "go_gc 1\ngo_info 2\nhttp_requests_total 3\nhttp_size 4\n";
    EXPECT_THAT(scraped(text, {.include = {"http_*", "go_gc"}, .exclude = {}}),
                ElementsAre(Pair("go_gc.gauge", 1), Pair("http_requests_total.derive", 3),
                            Pair("http_size.gauge", 4)));
    EXPECT_THAT(scraped(text, {.include = {}, .exclude = {"go_*", "*_size"}}),
                ElementsAre(Pair("http_requests_total.derive", 3)));
    EXPECT_THAT(scraped(text, {.include = {"*"}, .exclude = {"*"}}), IsEmpty());
}

TEST(Selection, PatternsAreOfTheWholeName) {
    const auto fits = [](std::string pattern, std::string_view name) {
        return Selection{.include = {std::move(pattern)}, .exclude = {}}.takes(name);
    };
    EXPECT_TRUE(fits("a*c", "ac"));
    EXPECT_TRUE(fits("a*c", "abcbc"));
    EXPECT_TRUE(fits("*a*b*", "xxaxxbxx"));
    EXPECT_TRUE(fits("**", ""));
    EXPECT_FALSE(fits("a*c", "abcd"));
    EXPECT_FALSE(fits("a", "ab"));
    EXPECT_FALSE(fits("", "a"));
    EXPECT_FALSE(fits("*a*b", "ba"));
    EXPECT_FALSE(fits(std::string(200, '*') + "b", std::string(10'000, 'a'))) << "and soon";
}

TEST(ScrapeReport, SaysThatLinesWereWrong) {
    const auto exposition = read_exposition("a 1\n<p>\nb 2\n???\n");
    ASSERT_TRUE(exposition.has_value());
    const Report report = scrape_report(*exposition, {}, "h", "prom:9100", kScrapedNow);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].text, "2 lines of the answer are no metrics");
    EXPECT_EQ(report.warnings[0].plugin, "prom:9100");
}

}  // namespace
}  // namespace kurabe::collectors::prometheus
