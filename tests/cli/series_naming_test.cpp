// Names of series from the paths of three programs' trees, and back.
#include "cli/series_naming.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::cli {
namespace {

using store::DsType;
using testing::HasSubstr;

std::string name_of(const std::string& file, std::string_view source, DsType type,
                    std::size_t sources = 1, const GivenNames& given = {}) {
    const auto name = series_of_file({file, source, type, sources}, given);
    return name ? name->text() : name.error().message;
}

TEST(SeriesNaming, Kurado) {
    EXPECT_EQ(name_of("/data/10.0.0.1/base/loadavg-1.gauge.rrd", "n", DsType::kGauge),
              "10.0.0.1/base/loadavg-1.gauge");
    EXPECT_EQ(name_of("/data/fe80::1/http%3A80%3A%2Fserver-status%3Fauto%2Ex/a%20b.derive.rrd", "n",
                      DsType::kDerive),
              "fe80::1/http:80:/server-status?auto.x/a b.derive");
    EXPECT_EQ(name_of("/data/h/jvm/memory_pool.eden.max.gauge.rrd", "n", DsType::kGauge),
              "h/jvm/memory_pool.eden.max.gauge");
    EXPECT_EQ(name_of("/data/h/p/100%.gauge.rrd", "n", DsType::kGauge), "h/p/100%.gauge");
}

TEST(SeriesNaming, AnotherTypeThanTheKeySaysIsAppended) {
    EXPECT_EQ(name_of("/data/h/p/x.gauge.rrd", "n", DsType::kDerive), "h/p/x.gauge.derive");
}

TEST(SeriesNaming, Collectd) {
    EXPECT_EQ(name_of("/var/lib/collectd/rrd/web1/cpu-0/cpu-idle.rrd", "value", DsType::kDerive),
              "web1/cpu-0/cpu-idle.derive");
    EXPECT_EQ(name_of("/rrd/web1/interface-eth0/if_octets.rrd", "rx", DsType::kDerive, 2),
              "web1/interface-eth0/if_octets-rx.derive");
}

TEST(SeriesNaming, Munin) {
    EXPECT_EQ(
        name_of("/var/lib/munin/group/web-1.example.org-cpu-user-d.rrd", "42", DsType::kDerive),
        "web-1.example.org/cpu/user.derive");
    EXPECT_EQ(name_of("/munin/group/localhost-diskstats_iops-sda-rdio-g.rrd", "42", DsType::kGauge),
              "localhost/diskstats_iops-sda/rdio.gauge");
    EXPECT_EQ(name_of("/munin/group/a.b-load-load-a.rrd", "42", DsType::kAbsolute),
              "a.b/load/load.absolute");
    // Not named so: a tree of another program.
    EXPECT_EQ(name_of("/munin/group/host-load-g.rrd", "42", DsType::kGauge),
              "munin/group/host-load-g.gauge");
    EXPECT_EQ(name_of("/munin/group/host-load-load-g.rrd", "42", DsType::kDerive),
              "munin/group/host-load-load-g.derive");
}

TEST(SeriesNaming, GivenNamesCount) {
    const GivenNames given{.host = "h", .plugin = "p", .key = "k.gauge"};
    EXPECT_EQ(name_of("x.rrd", "n", DsType::kGauge, 1, given), "h/p/k.gauge");
    EXPECT_THAT(name_of("x.rrd", "n", DsType::kDerive, 1, given), HasSubstr("must end in .derive"));
    EXPECT_THAT(name_of("x.rrd", "n", DsType::kGauge, 2, given), HasSubstr("--key names one"));
    EXPECT_THAT(name_of("/x.rrd", "n", DsType::kGauge), HasSubstr("--host can name it"));
    EXPECT_EQ(name_of("/x.rrd", "n", DsType::kGauge, 1, {"h", "p", {}}), "h/p/x.gauge");
}

TEST(SeriesNaming, FilesComeBackAsTheSeriesTheyWere) {
    for (const char* text :
         {"10.0.0.1/base/loadavg-1.gauge", "fe80::1/http:80:/x?y.z/a b.derive", "h/../k.gauge",
          "h/p/..gauge", "../p/%41.counter", "\xe6\x97\xa5/\xe6\x9c\xac/\xe8\xaa\x9e~!.absolute"}) {
        const auto series = store::SeriesName::parse(text);
        ASSERT_TRUE(series) << series.error().message;
        const auto file = "/data" / file_of_series(*series);
        EXPECT_EQ(name_of(file.string(), "n", *store::ds_type_of_key(series->key)), text);
        EXPECT_EQ(file.lexically_normal(), file) << "stays in the directory";
    }
    EXPECT_EQ(file_of_series({"10.0.0.1", "http:80", "a.b.gauge"}),
              "10.0.0.1/http%3A80/a.b.gauge.rrd");
}

}  // namespace
}  // namespace kurabe::cli
