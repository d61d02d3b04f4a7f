// "/metrics" as Prometheus reads it, by the reader that we have for what others export.
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/prometheus/exposition.hpp"
#include "server/metrics_text.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using collectors::prometheus::MetricType;
using collectors::prometheus::read_exposition;
using testing::HasSubstr;

TEST(MetricsText, IsReadAsItWasWritten) {
    MetricsText text;
    text.counter("a_total", "Of something.", 18446744073709551615.0);
    text.gauge("b_bytes", "Of another.", 0.5);
    text.summary("c_seconds", "How long.", 1.25, 3);
    text.counters("d_total", "By name.");
    text.sample("d_total", {{"name", "a\"b\\c\nd"}, {"other", "{}"}}, 7);
    const std::string written = text.take();
    const auto read = read_exposition(written);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->wrong_lines, 0u) << written;
    ASSERT_EQ(read->samples.size(), 5u);
    EXPECT_EQ(read->samples[0].type, MetricType::kCounter);
    EXPECT_EQ(read->samples[0].value, 18446744073709551615.0);
    EXPECT_EQ(read->samples[1].type, MetricType::kGauge);
    EXPECT_EQ(read->samples[1].value, 0.5);
    EXPECT_EQ(read->samples[2].name, "c_seconds_sum");
    EXPECT_EQ(read->samples[2].type, MetricType::kSummary);
    EXPECT_EQ(read->samples[3].name, "c_seconds_count");
    EXPECT_EQ(read->samples[3].value, 3);
    EXPECT_EQ(read->samples[4].label("name"), "a\"b\\c\nd");
    EXPECT_EQ(read->samples[4].label("other"), "{}");
}

class MetricsTest : public SiteFixture {
  protected:
    std::map<std::string, double> metrics() {
        const Response response = get("/metrics");
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
        EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
        const auto read = read_exposition(response.body);
        EXPECT_TRUE(read) << response.body;
        std::map<std::string, double> values;
        for (const auto& sample : read->samples) values.emplace(sample.name, sample.value);
        return values;
    }
};

TEST_F(MetricsTest, TellsWhatWasDrawnAndWhatCameFromTheCache) {
    open("---\nservice: s\nservers: [ { roll: base.yml, hosts: [ 10.0.0.1 ] } ]\n");
    report_base("10.0.0.1");
    const auto before = metrics();
    EXPECT_EQ(before.at("kurabe_pictures_drawn_total"), 0);
    constexpr std::string_view kGraph =
        "/graph?address=10.0.0.1&plugin_identifier=base&graph=loadavg-1";
    const auto first = get(kGraph);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(get(kGraph).body, first.body);
    const auto after = metrics();
    EXPECT_EQ(after.at("kurabe_pictures_drawn_total"), 1);
    EXPECT_EQ(after.at("kurabe_pictures_found_total"), 1);
    EXPECT_EQ(after.at("kurabe_picture_draw_duration_seconds_count"), 1);
    EXPECT_GT(after.at("kurabe_picture_draw_duration_seconds_sum"), 0);
    EXPECT_EQ(after.at("kurabe_picture_cache_pictures"), 1);
    EXPECT_GE(after.at("kurabe_picture_cache_bytes"), static_cast<double>(first.body.size()));
}

TEST_F(MetricsTest, AreReadAndNothingElse) {
    open("---\nservice: s\nservers: [ { roll: base.yml, hosts: [ 10.0.0.1 ] } ]\n");
    EXPECT_EQ(get("/metrics", "POST").status, 405);
    EXPECT_EQ(get("/healthz").body, "ok\n");
}

}  // namespace
}  // namespace kurabe::server
