// The local collector on a written copy of a virtual machine's /proc and /sys.
#include "collectors/local.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using tests::TemporaryDirectory;

constexpr store::Time kNow{store::Seconds{1'700'000'000}};

// A Debian machine with two interfaces that count, one disk, a logical volume for swap, and one
// of everything that must be left out.
class LocalTest : public ::testing::Test {
  protected:
    LocalTest() {
        write("proc/meminfo",
              "MemTotal:        8000 kB\nMemFree:         1000 kB\nMemAvailable:    5000 kB\n"
              "Buffers:          500 kB\nCached:          2500 kB\nSwapCached:         0 kB\n"
              "SwapTotal:       4000 kB\nSwapFree:        3000 kB\n");
        write("proc/loadavg", "0.50 1.25 2.00 1/234 5678\n");
        write("proc/uptime", "93784.52 180000.00\n");
        write("proc/version", "Linux version 6.1.0-18-amd64 (debian)\n");
        write("proc/cpuinfo",
              "processor\t: 0\nmodel name\t: Some CPU\n\nprocessor\t: 1\nmodel name\t: Some CPU\n");
        write("proc/stat", "cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
        write("proc/net/snmp",
              "Ip: Forwarding DefaultTTL\nIp: 1 64\n"
              "Tcp: RtoAlgorithm ActiveOpens CurrEstab InSegs\nTcp: 1 500 42 9000\n");
        write("proc/net/dev",
              "Inter-|   Receive                    |  Transmit\n"
              " face |bytes packets errs drop fifo frame compressed multicast|bytes packets\n"
              "    lo:  1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n"
              "  eth0: 1000 9 0 0 0 0 0 0 2000 9 0 0 0 0 0 0\n"
              "eth1.66: 3 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0\n"
              "  eth2:5000 9 0 0 0 0 0 0 6000 9 0 0 0 0 0 0\n"
              "  eth3: 7 9 0 0 0 0 0 0 8 9 0 0 0 0 0 0\n");
        for (const char* name : {"eth0", "eth1.66", "eth2"}) {
            write(std::string("sys/class/net/") + name + "/operstate", "up\n");
        }
        write("sys/class/net/eth3/operstate", "down\n");
        write("sys/class/net/lo/operstate", "unknown\n");
        write("proc/mounts",
              "proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /boot ext4 rw 0 0\n"
              "nas:/home /home nfs rw 0 0\n/dev/mapper/vg-my.data /my\\040data xfs rw 0 0\n"
              "/dev/sda1 /var/lib/elsewhere ext4 rw 0 0\n");
        write("sys/block/sda/stat", "  11 1 12 1   13 1 14 1  0 1 1\n");
        write("sys/block/dm-0/stat", "  21 1 22 1   0 1 0 1  0 1 1 0 0 0 0\n");
        write("sys/block/dm-0/dm/name", "vg-swap\n");
        write("sys/block/sr0/stat", "  0 0 0 0   0 0 0 0  0 0 0\n");
        write("sys/block/loop0/stat", "  5 0 5 0   5 0 5 0  0 0 0\n");
        write("sys/block/ram1/stat", "  5 0 5 0   5 0 5 0  0 0 0\n");
        write("proc/swaps",
              "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n"
              "/dev/dm-0                               partition\t4000\t1000\t-2\n");
    }

    void write(const std::string& name, const std::string& text) { directory_.write(name, text); }
    void remove(const std::string& name) { std::filesystem::remove(directory_.path() / name); }

    Report collect() {
        return collect_local(directory_.path(), "10.0.0.9", kNow,
                             [this](const std::string& mount_point) -> Result<DiskUsage> {
                                 asked_.push_back(mount_point);
                                 return DiskUsage{111, 222};
                             });
    }

    static std::map<std::string, double> values_of(const Report& report) {
        std::map<std::string, double> values;
        for (const store::Sample& sample : report.batch.samples) {
            const bool integer = sample.value.kind == store::RawValue::Kind::kInteger;
            values[sample.key] =
                integer ? static_cast<double>(sample.value.integer) : sample.value.number;
        }
        return values;
    }
    static std::map<std::string, std::string> meta_of(const Report& report) {
        std::map<std::string, std::string> meta;
        for (const Meta& entry : report.meta) {
            meta[entry.key] = entry.value;
        }
        return meta;
    }
    static std::vector<std::string> warnings_of(const Report& report) {
        std::vector<std::string> keys;
        for (const Warning& warning : report.warnings) {
            keys.push_back(warning.key);
        }
        return keys;
    }

    TemporaryDirectory directory_;
    std::vector<std::string> asked_;
};

TEST_F(LocalTest, GivesExactlyTheMetricsOfKurado) {
    const std::map<std::string, double> expected = {
        {"memory-total.gauge", 8000 * 1024.},
        {"memory-free.gauge", 1000 * 1024.},
        {"memory-buffers.gauge", 500 * 1024.},
        {"memory-cached.gauge", 2500 * 1024.},
        {"memory-used.gauge", 4000 * 1024.},
        {"memory-swap-total.gauge", 4000 * 1024.},
        {"memory-swap-used.gauge", 1000 * 1024.},
        {"loadavg-1.gauge", 0.5},
        {"loadavg-5.gauge", 1.25},
        {"loadavg-15.gauge", 2},
        {"processors.gauge", 2},
        {"cpu-user.derive", 10},
        {"cpu-nice.derive", 20},
        {"cpu-system.derive", 30},
        {"cpu-idle.derive", 40},
        {"cpu-iowait.derive", 50},
        {"cpu-irq.derive", 60},
        {"cpu-softirq.derive", 70},
        {"cpu-steal.derive", 80},
        {"cpu-guest.derive", 90},
        {"cpu-guest-nice.derive", 100},
        {"tcp-established.gauge", 42},
        {"disk-io-sda-read-ios.derive", 11},
        {"disk-io-sda-read-sectors.derive", 12},
        {"disk-io-sda-write-ios.derive", 13},
        {"disk-io-sda-write-sectors.derive", 14},
        {"disk-io-mapper_vg-swap-read-ios.derive", 21},
        {"disk-io-mapper_vg-swap-read-sectors.derive", 22},
        {"disk-io-mapper_vg-swap-write-ios.derive", 0},
        {"disk-io-mapper_vg-swap-write-sectors.derive", 0},
        {"disk-usage-sda1-used.gauge", 111},
        {"disk-usage-sda1-available.gauge", 222},
        {"disk-usage-mapper_vg-my_data-used.gauge", 111},
        {"disk-usage-mapper_vg-my_data-available.gauge", 222},
        {"traffic-eth0-rxbytes.derive", 1000},
        {"traffic-eth0-txbytes.derive", 2000},
        {"traffic-eth2-rxbytes.derive", 5000},
        {"traffic-eth2-txbytes.derive", 6000},
    };
    const Report report = collect();
    EXPECT_EQ(values_of(report), expected);
    EXPECT_THAT(report.warnings, IsEmpty());
}

TEST_F(LocalTest, GivesExactlyTheMetaOfKurado) {
    const std::map<std::string, std::string> expected = {
        {"uptime", "93784"},
        {"version", "Linux version 6.1.0-18-amd64 (debian)"},
        {"disk-usage-devices", "sda1,mapper_vg-my_data"},
        {"disk-usage-sda1-mount", "/"},
        {"disk-usage-mapper_vg-my_data-mount", "/my data"},
        {"disk-io-devices", "mapper_vg-swap,sda"},
        {"disk-swap-devices", "mapper_vg-swap"},
        {"traffic-interfaces", "eth0,eth2"},
    };
    EXPECT_EQ(meta_of(collect()), expected);
}

TEST_F(LocalTest, NamesTheHostThePluginAndTheTimeOfEverySample) {
    const Report report = collect();
    EXPECT_EQ(report.batch.host, "10.0.0.9");
    EXPECT_EQ(report.time, kNow);
    for (const store::Sample& sample : report.batch.samples) {
        EXPECT_EQ(sample.plugin, "base");
        EXPECT_EQ(sample.time, kNow);
    }
}

TEST_F(LocalTest, AsksOnlyDevicesForTheirSpaceAndEachOnce) {
    (void)collect();
    EXPECT_THAT(asked_, ElementsAre("/", "/my data"));
}

TEST_F(LocalTest, CountersStayExactBeyondDoubles) {
    write("proc/stat", "cpu 9007199254740993 2 3 4\n");
    const Report report = collect();
    for (const store::Sample& sample : report.batch.samples) {
        if (sample.key == "cpu-user.derive") {
            EXPECT_TRUE(sample.value.integer == 9007199254740993LL);
        }
    }
    EXPECT_THAT(values_of(report), Contains(Pair("cpu-guest.derive", 0)));  // an older kernel
}

TEST_F(LocalTest, APartThatCannotBeReadIsAWarningAndTheOthersStay) {
    const std::map<std::string, std::string> parts = {
        {"proc/meminfo", "memory"},
        {"proc/loadavg", "loadavg"},
        {"proc/uptime", "uptime"},
        {"proc/version", "sys_version"},
        {"proc/cpuinfo", "processors"},
        {"proc/stat", "cpu_usage"},
        {"proc/net/snmp", "tcp_established"},
        {"proc/mounts", "disk_usage"},
        {"proc/swaps", "swaps"},
        {"proc/net/dev", "traffic"},
    };
    for (const auto& [file, warning] : parts) {
        remove(file);
        EXPECT_THAT(warnings_of(collect()), Contains(warning)) << file;
    }
    EXPECT_THAT(values_of(collect()), Contains(Key("disk-io-sda-read-ios.derive")));
}

TEST_F(LocalTest, GarbledFilesAreWarnings) {
    const std::map<std::string, std::string> parts = {
        {"proc/meminfo", "memory"},        {"proc/loadavg", "loadavg"},
        {"proc/uptime", "uptime"},         {"proc/cpuinfo", "processors"},
        {"proc/stat", "cpu_usage"},        {"proc/net/snmp", "tcp_established"},
        {"sys/block/sda/stat", "disk_io"},
    };
    for (const auto& [file, warning] : parts) {
        for (const std::string& text : {std::string(), std::string("   \n\t\n"),
                                        std::string("cpu x\nTcp: a\nTcp:\nMemTotal: lots\n"),
                                        std::string(100, '\0'), std::string("\xff\xfe:\n")}) {
            write(file, text);
            EXPECT_THAT(warnings_of(collect()), Contains(warning)) << file << ": " << text;
        }
    }
}

TEST_F(LocalTest, AnInterfaceWithoutCountersIsAWarning) {
    write("proc/net/dev", "  eth0: 12 13\n");
    EXPECT_THAT(warnings_of(collect()), Contains("traffic"));
}

TEST_F(LocalTest, AFileOverTheLimitIsAWarning) {
    write("proc/meminfo", std::string((std::size_t{8} << 20) + 1, 'x'));
    EXPECT_THAT(warnings_of(collect()), Contains("memory"));
}

TEST(LocalMachine, GivesAPlausibleReport) {
    const Report report = collect_local("/", "127.0.0.1", kNow);
    std::map<std::string, store::RawValue> values;
    for (const store::Sample& sample : report.batch.samples) {
        EXPECT_TRUE(values.emplace(sample.key, sample.value).second) << sample.key << " twice";
    }
    ASSERT_THAT(values, Contains(Key("memory-total.gauge")));
    EXPECT_GT(values["memory-total.gauge"].number, 1e7);
    EXPECT_GE(values["processors.gauge"].number, 1);
    EXPECT_THAT(values, Contains(Key("cpu-idle.derive")));
    EXPECT_THAT(values, Not(Contains(Key(HasSubstr("-lo-")))));
}

TEST(DiskUsage, NamesAMountPointThatIsNotThere) {
    const auto usage = read_disk_usage("/nowhere/at/all");
    ASSERT_FALSE(usage);
    EXPECT_THAT(usage.error().message, HasSubstr("/nowhere/at/all"));
}

}  // namespace
}  // namespace kurabe::collectors
