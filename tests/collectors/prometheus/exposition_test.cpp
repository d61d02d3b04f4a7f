// Lines of Prometheus' text format, right and wrong.
#include "collectors/prometheus/exposition.hpp"

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors::prometheus {
namespace {

using testing::ElementsAre;
using testing::Pair;

Exposition read(std::string_view text) {
    auto exposition = read_exposition(text);
    EXPECT_TRUE(exposition.has_value()) << exposition.error().message;
    return exposition ? *std::move(exposition) : Exposition();
}

TEST(Exposition, ReadsNamesLabelsValuesAndTypes) {
    const Exposition exposition = read(
        "# HELP http_requests_total The total number of HTTP requests.\n"
        "# TYPE http_requests_total counter\n"
        "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
        "\n"
        "  # a comment\n"
        "msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"no\\n\\\"it\\\"\"} "
        "1.458255915e9\n"
        "metric_without_timestamp_and_labels 12.47\r\n"
        "something_weird{problem=\"division by zero\"} +Inf -3982045\n"
        "  spaced  { a = \"1\" , b=\"}\" , } \t -0.5\t\n"
        "# TYPE latency summary\n"
        "latency{quantile=\"0.5\"} NaN\nlatency_sum 8953.332\nlatency_count 27892");
    EXPECT_EQ(exposition.wrong_lines, 0U);
    const auto& samples = exposition.samples;
    ASSERT_EQ(samples.size(), 8U);
    EXPECT_EQ(samples[0].name, "http_requests_total");
    EXPECT_EQ(samples[0].type, MetricType::kCounter);
    EXPECT_THAT(samples[0].labels, ElementsAre(Pair("code", "200"), Pair("method", "post")));
    EXPECT_EQ(samples[0].label("method"), "post");
    EXPECT_EQ(samples[0].label("none"), "");
    EXPECT_EQ(samples[0].value, 1027);
    EXPECT_EQ(samples[1].label("path"), "C:\\DIR\\FILE.TXT");
    EXPECT_EQ(samples[1].label("error"), "no\n\"it\"");
    EXPECT_EQ(samples[1].type, MetricType::kUntyped);
    EXPECT_EQ(samples[2].value, 12.47);
    EXPECT_TRUE(std::isinf(samples[3].value));
    EXPECT_EQ(samples[4].label("b"), "}");
    EXPECT_EQ(samples[4].value, -0.5);
    EXPECT_TRUE(std::isnan(samples[5].value));
    EXPECT_EQ(samples[6].type, MetricType::kSummary);
    EXPECT_EQ(samples[7].type, MetricType::kSummary);
}

TEST(Exposition, CountsLinesThatAreNone) {
    for (const std::string_view line :
         {"9metric 1", "metric", "metric one", "metric 1x", "metric{ 1", "metric{a} 1",
          "metric{a=\"b} 1", "metric{a=b} 1", "metric{a=\"b\" c=\"d\"} 1", "metric{a=\"b\\", "{} 1",
          "metric{a=\"1\",", "metric{,} 1", "<html>"}) {
        const Exposition exposition = read("good 1\n" + std::string(line) + "\ngood 2\n");
        EXPECT_EQ(exposition.wrong_lines, 1U) << line;
        EXPECT_EQ(exposition.samples.size(), 2U) << line;
    }
}

TEST(Exposition, WhatHasNoMetricsAndTooManyAreErrors) {
    EXPECT_EQ(read_exposition("<html>\n").error().message,
              "the answer has no metrics in Prometheus' text format");
    EXPECT_EQ(read_exposition("").error().code, ErrorCode::kInvalid);
    std::string many;
    for (std::size_t i = 0; i < kSamplesMax; ++i) many += "a 1\n";
    EXPECT_EQ(read(many).samples.size(), kSamplesMax);
    EXPECT_EQ(read_exposition(many + "a 1\n").error().message,
              "more than 50000 metrics; exclude some");
    std::string labels;
    for (std::size_t i = 0; i <= kLabelsMax; ++i) labels += "a=\"\",";
    EXPECT_EQ(read("good 1\nmany{" + labels + "} 1\n").wrong_lines, 1U);
}

}  // namespace
}  // namespace kurabe::collectors::prometheus
