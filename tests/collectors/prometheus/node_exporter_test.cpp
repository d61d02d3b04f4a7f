// Base metrics from node_exporter: by texts, and beside the local collection by the real one.
#include "collectors/prometheus/node_exporter.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/http_client.hpp"
#include "collectors/local.hpp"
#include "tests/collectors/prometheus/report_values.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback.hpp"

namespace kurabe::collectors::prometheus {
namespace {

constexpr store::Time kNow{store::Seconds{1'700'000'100}};
constexpr const char* kProgram = "/usr/bin/prometheus-node-exporter";

std::map<std::string, std::string> meta_of(const Report& report) {
    std::map<std::string, std::string> found;
    for (const Meta& meta : report.meta) found[meta.key] = meta.value;
    return found;
}

std::optional<Report> base_of(std::string_view text) {
    const auto exposition = read_exposition(text);
    EXPECT_TRUE(exposition.has_value());
    return base_report(*exposition, "h", kNow);
}

TEST(NodeExporter, OtherExportersHaveNoBase) {
    EXPECT_EQ(base_of("go_goroutines 7\nnode 1\n"), std::nullopt);
}

TEST(NodeExporter, GivesTheUnitsOfTheLocalCollection) {
    const auto report = base_of(
        "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 10.25\n"
        "node_cpu_seconds_total{cpu=\"1\",mode=\"user\"} 0.5\n"
        "node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"} 100\n"
        "node_cpu_guest_seconds_total{cpu=\"1\",mode=\"nice\"} 0.03\n"
        "node_memory_MemTotal_bytes 1000\nnode_memory_MemFree_bytes 400\n"
        "node_memory_Cached_bytes 100\n"
        "node_load1 0.5\nnode_netstat_Tcp_CurrEstab 3\n"
        "node_filesystem_size_bytes{device=\"/dev/mapper/a-b\",mountpoint=\"/\"} 4096\n"
        "node_filesystem_free_bytes{device=\"/dev/mapper/a-b\",mountpoint=\"/\"} 2048\n"
        "node_filesystem_avail_bytes{device=\"/dev/mapper/a-b\",mountpoint=\"/\"} 1024\n"
        "node_filesystem_size_bytes{device=\"tmpfs\",mountpoint=\"/run\"} 4096\n"
        "node_disk_reads_completed_total{device=\"dm-0\"} 5\n"
        "node_disk_read_bytes_total{device=\"dm-0\"} 5120\n"
        "node_disk_device_mapper_info{device=\"dm-0\",name=\"a-b\"} 1\n"
        "node_disk_reads_completed_total{device=\"loop0\"} 5\n"
        "node_disk_reads_completed_total{device=\"unused\"} 0\n"
        "node_network_receive_bytes_total{device=\"eth0\"} 7\n"
        "node_network_transmit_bytes_total{device=\"eth0\"} 1.5e10\n"
        "node_network_receive_bytes_total{device=\"lo\"} 7\n"
        "node_network_transmit_bytes_total{device=\"lo\"} 8\n"
        "node_network_receive_bytes_total{device=\"eth1\"} 7\n"
        "node_network_transmit_bytes_total{device=\"eth1\"} 8\nnode_network_up{device=\"eth1\"} 0\n"
        "node_boot_time_seconds 1700000000\nnode_time_seconds 1.7000000425e9\n"
        "node_uname_info{sysname=\"Linux\",release=\"6.1\",version=\"#1 SMP\"} 1\n");
    ASSERT_TRUE(report.has_value());
    const auto found = values(*report);
    EXPECT_EQ(found.at("cpu-user.derive"), 1075);
    EXPECT_EQ(found.at("cpu-idle.derive"), 10000);
    EXPECT_EQ(found.at("cpu-guest-nice.derive"), 3);
    EXPECT_EQ(found.at("cpu-steal.derive"), 0);
    EXPECT_EQ(found.at("processors.gauge"), 2);
    EXPECT_EQ(found.at("memory-used.gauge"), 500);
    EXPECT_EQ(found.at("tcp-established.gauge"), 3);
    EXPECT_EQ(found.at("disk-usage-mapper_a-b-used.gauge"), 2);
    EXPECT_EQ(found.at("disk-usage-mapper_a-b-available.gauge"), 1);
    EXPECT_EQ(found.at("disk-io-mapper_a-b-read-sectors.derive"), 10);
    EXPECT_EQ(found.at("traffic-eth0-txbytes.derive"), 15'000'000'000);
    EXPECT_FALSE(found.contains("loadavg-5.gauge"));
    const auto meta = meta_of(*report);
    EXPECT_EQ(meta.at("traffic-interfaces"), "eth0");
    EXPECT_EQ(meta.at("disk-io-devices"), "mapper_a-b");
    EXPECT_EQ(meta.at("disk-usage-devices"), "mapper_a-b");
    EXPECT_EQ(meta.at("disk-usage-mapper_a-b-mount"), "/");
    EXPECT_EQ(meta.at("uptime"), "42");
    EXPECT_EQ(meta.at("version"), "Linux version 6.1 #1 SMP");
}

std::string get(int port) {
    const auto reply =
        cli::http_get(fmt::format("http://127.0.0.1:{}/metrics", port), std::chrono::seconds{60});
    EXPECT_TRUE(reply.has_value()) << reply.error().message;
    return reply ? reply->body : std::string();
}

// What counts on between two local collections lies between their numbers.
TEST(NodeExporter, TheRealOneTellsWhatTheLocalCollectionFinds) {
    if (!std::filesystem::exists(kProgram)) {
        GTEST_SKIP() << "prometheus-node-exporter is not installed";
    }
    const tests::ReservedPort reserved;
    const int port = reserved.number();
    const tests::ChildProcess exporter(
        {kProgram, fmt::format("--web.listen-address=127.0.0.1:{}", port)});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!tests::listens(port) && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    const auto before = values(collect_local("/", "h", kNow));
    const std::string text = get(port);
    const auto after = values(collect_local("/", "h", kNow));
    const auto report = base_of(text);
    ASSERT_TRUE(report.has_value()) << text.substr(0, 500);
    const auto theirs = values(*report);
    std::set<std::string> names;
    for (const auto& [key, value] : theirs) names.insert(key);
    for (const auto& [key, value] : before) {
        // Which file systems, disks and interfaces it shows depends on where it runs.
        if (key.starts_with("disk-") || key.starts_with("traffic-")) continue;
        EXPECT_TRUE(names.contains(key)) << key;
    }
    // It cuts the fractions of each processor, the kernel those of the sum.
    const double slack = before.at("processors.gauge") + 1;
    for (const auto& [key, value] : theirs) {
        if (!key.ends_with(".derive") || !before.contains(key) || !after.contains(key)) continue;
        EXPECT_GE(value + slack, before.at(key)) << key;
        EXPECT_LE(value - slack, after.at(key)) << key;
    }
    EXPECT_EQ(theirs.at("memory-total.gauge"), before.at("memory-total.gauge"));
    EXPECT_EQ(theirs.at("processors.gauge"), before.at("processors.gauge"));
}

}  // namespace
}  // namespace kurabe::collectors::prometheus
