// What the server tells of itself.
#include "cli/own_metrics.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/serve_metrics.hpp"
#include "collectors/report_builder.hpp"

namespace kurabe::cli {
namespace {

TEST(OwnMetrics, CountersBeginAnewBehindAnUnknownValue) {
    const store::Time now{store::Seconds{1'700'000'000}};
    collectors::ReportBuilder builder("self", "kurabe", now);
    builder.derive("samples", 7);
    builder.gauge("memory-resident", 8);
    collectors::Report report = builder.take();
    begin_counters_anew(report);
    ASSERT_EQ(report.batch.samples.size(), 3);
    const store::Sample& gap = report.batch.samples.front();
    EXPECT_EQ(gap.key, "samples.derive");
    EXPECT_EQ(gap.value.kind, store::RawValue::Kind::kMissing);
    EXPECT_EQ(gap.time, now - std::chrono::seconds{1});
    EXPECT_EQ(report.batch.samples[1].key, "samples.derive");
    EXPECT_EQ(report.batch.samples[1].time, now);
    EXPECT_EQ(report.batch.samples[2].key, "memory-resident.gauge");
}

// One that has polled.
class Polled final : public Collection {
  public:
    void start() override {}
    void wind_down() override {}
    [[nodiscard]] bool is_idle() const override { return true; }
    void stop() override {}
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    Polls polls_{.kind = "ssh"};
};

TEST(OwnMetrics, PollsAreToldToPrometheusAndTheLongestStaysForTheGraphs) {
    std::vector<std::unique_ptr<Collection>> collections;
    server::MetricsText none;
    tell_polls(collections, none);
    EXPECT_EQ(none.take(), "");
    collections.push_back(std::make_unique<Polled>());
    collectors::PollCounts& counts = collections.front()->polls()->counts;
    counts.begun(3, 1, store::Seconds{2});
    counts.ended(true, std::chrono::milliseconds{20});
    counts.ended(false, std::chrono::milliseconds{30});
    server::MetricsText told;
    tell_polls(collections, told);
    const std::string text = told.take();
    EXPECT_TRUE(text.contains("kurabe_polls_begun_total{kind=\"ssh\"} 3\n")) << text;
    for (const std::string_view outcome : {"succeeded", "failed", "skipped"}) {
        EXPECT_TRUE(text.contains(
            fmt::format("kurabe_polls_total{{kind=\"ssh\",outcome=\"{}\"}} 1\n", outcome)))
            << text;
    }
    EXPECT_EQ(counts.look().duration, std::chrono::milliseconds{30});
}

}  // namespace
}  // namespace kurabe::cli
