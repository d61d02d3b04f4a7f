// Reports as lines of four columns.
#include "collectors/kurado_lines.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "collectors/report_builder.hpp"

namespace kurabe::collectors {
namespace {

TEST(KuradoLines, AreThoseOfAnAgent) {
    ReportBuilder builder("10.0.0.9", "base", store::Time{store::Seconds{1795344360}});
    builder.gauge("loadavg-1", 0.42);
    builder.gauge("memory-total", 2079432704.0);
    builder.derive("traffic-eth0-txbytes", std::numeric_limits<std::uint64_t>::max());
    builder.meta("traffic-interfaces", "eth0,eth1");
    builder.warn("disk_io", "cannot read\n/sys/block");
    EXPECT_EQ(kurado_lines(builder.take()),
              "10.0.0.9\tbase.metrics.loadavg-1.gauge\t0.42\t1795344360\n"
              "10.0.0.9\tbase.metrics.memory-total.gauge\t2079432704\t1795344360\n"
              "10.0.0.9\tbase.metrics.traffic-eth0-txbytes.derive\t18446744073709551615\t"
              "1795344360\n"
              "10.0.0.9\tbase.meta.traffic-interfaces\teth0,eth1\t1795344360\n"
              "10.0.0.9\tbase.warn.disk_io\tcannot read?/sys/block\t1795344360\n");
}

TEST(KuradoLines, UnknownIsU) {
    Report report;
    report.batch.host = "h";
    report.batch.samples.push_back(
        {"p", "k.gauge", store::RawValue::unknown(), store::Time{store::Seconds{60}}});
    EXPECT_EQ(kurado_lines(report), "h\tp.metrics.k.gauge\tU\t60\n");
}

TEST(KuradoLines, EscapeThePlugin) {
    Report report;
    report.batch.host = "h";
    report.meta.push_back({"http:80:/s.html", "k", "v"});
    EXPECT_EQ(kurado_lines(report), "h\thttp%3A80%3A%2Fs%2Ehtml.meta.k\tv\t0\n");
}

}  // namespace
}  // namespace kurabe::collectors
