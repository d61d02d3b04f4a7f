// What the server tells of itself.
#include "cli/own_metrics.hpp"

#include <chrono>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace kurabe::cli
