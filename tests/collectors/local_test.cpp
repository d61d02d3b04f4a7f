// The whole local collection over trees that look like a host's /proc and /sys.
#include "collectors/local.hpp"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/host_files.hpp"
#include "tests/collectors/host_tree.hpp"

namespace kurabe::collectors {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr store::Time kLocalNow{store::Seconds{1795344360}};

std::string text_of(const store::RawValue& value) {
    if (value.kind == store::RawValue::Kind::kNumber) return fmt::format("{}", value.number);
    // As unsigned 64 bits: what the kernel counts with.
    return fmt::format("{}u", static_cast<std::uint64_t>(value.integer));
}

std::map<std::string, std::string> values_of(const Report& report) {
    std::map<std::string, std::string> values;
    for (const auto& sample : report.batch.samples) {
        EXPECT_EQ(sample.plugin, "base");
        EXPECT_EQ(sample.time, kLocalNow);
        EXPECT_TRUE(values.emplace(sample.key, text_of(sample.value)).second)
            << sample.key << " twice";
    }
    return values;
}

std::map<std::string, std::string> meta_of(const Report& report) {
    std::map<std::string, std::string> meta;
    for (const Meta& entry : report.meta) {
        EXPECT_EQ(entry.plugin, "base");
        EXPECT_TRUE(meta.emplace(entry.key, entry.value).second) << entry.key << " twice";
    }
    return meta;
}

std::map<std::string, std::string> warnings_of(const Report& report) {
    std::map<std::string, std::string> warnings;
    for (const Warning& warning : report.warnings) warnings.emplace(warning.key, warning.text);
    return warnings;
}

class Local : public ::testing::Test {
  protected:
    Local() { test::write_debian(tree_); }

    // The file systems answer as two of 1000 blocks would; who was asked is noted.
    Report collect() {
        asked_.clear();
        return collect_local(
            tree_.root(), "10.0.0.9", kLocalNow, [this](const std::filesystem::path& directory) {
                asked_.push_back("/" + directory.lexically_relative(tree_.root()).string());
                return answer_;
            });
    }

    test::HostTree tree_;
    std::vector<std::string> asked_;
    Result<FileSystemUse> answer_ = FileSystemUse{
        .block_bytes = 4096, .blocks = 1000, .free_blocks = 400, .available_blocks = 350};
};

TEST_F(Local, DebianGivesKuradosMetrics) {
    const Report report = collect();
    EXPECT_EQ(report.batch.host, "10.0.0.9");
    EXPECT_EQ(report.time, kLocalNow);
    EXPECT_THAT(warnings_of(report), IsEmpty());
    EXPECT_THAT(
        values_of(report),
        UnorderedElementsAre(
            Pair("memory-total.gauge", "2079432704"), Pair("memory-free.gauge", "185675776"),
            Pair("memory-buffers.gauge", "115630080"), Pair("memory-cached.gauge", "1134456832"),
            Pair("memory-used.gauge", "643670016"), Pair("memory-swap-total.gauge", "1022357504"),
            Pair("memory-swap-used.gauge", "8388608"), Pair("loadavg-1.gauge", "0.42"),
            Pair("loadavg-5.gauge", "1.05"), Pair("loadavg-15.gauge", "12.1"),
            Pair("processors.gauge", "2"), Pair("cpu-user.derive", "2255847u"),
            Pair("cpu-nice.derive", "2290u"), Pair("cpu-system.derive", "645320u"),
            Pair("cpu-idle.derive", "238563251u"), Pair("cpu-iowait.derive", "124130u"),
            Pair("cpu-irq.derive", "7u"), Pair("cpu-softirq.derive", "12345u"),
            Pair("cpu-steal.derive", "678u"), Pair("cpu-guest.derive", "9u"),
            Pair("cpu-guest-nice.derive", "10u"), Pair("tcp-established.gauge", "78"),
            Pair("disk-usage-mapper_vg0-root-used.gauge", "2400"),
            Pair("disk-usage-mapper_vg0-root-available.gauge", "1400"),
            Pair("disk-usage-sdb1-used.gauge", "2400"),
            Pair("disk-usage-sdb1-available.gauge", "1400"),
            Pair("disk-io-sda-read-ios.derive", "2231u"),
            Pair("disk-io-sda-read-sectors.derive", "90210u"),
            Pair("disk-io-sda-write-ios.derive", "5510u"),
            Pair("disk-io-sda-write-sectors.derive", "120344u"),
            Pair("disk-io-sdb-read-ios.derive", "1u"),
            Pair("disk-io-sdb-read-sectors.derive", "3u"),
            Pair("disk-io-sdb-write-ios.derive", "0u"),
            Pair("disk-io-sdb-write-sectors.derive", "7u"),
            Pair("disk-io-mapper_vg0-root-read-ios.derive", "301u"),
            Pair("disk-io-mapper_vg0-root-read-sectors.derive", "2408u"),
            Pair("disk-io-mapper_vg0-root-write-ios.derive", "402u"),
            Pair("disk-io-mapper_vg0-root-write-sectors.derive", "3216u"),
            Pair("disk-io-mapper_vg0-swap_1-read-ios.derive", "11u"),
            Pair("disk-io-mapper_vg0-swap_1-read-sectors.derive", "88u"),
            Pair("disk-io-mapper_vg0-swap_1-write-ios.derive", "22u"),
            Pair("disk-io-mapper_vg0-swap_1-write-sectors.derive", "176u"),
            Pair("disk-io-cciss_c0d0-read-ios.derive", "5u"),
            Pair("disk-io-cciss_c0d0-read-sectors.derive", "6u"),
            Pair("disk-io-cciss_c0d0-write-ios.derive", "7u"),
            Pair("disk-io-cciss_c0d0-write-sectors.derive", "8u"),
            Pair("traffic-eth0-rxbytes.derive", "106294492u"),
            Pair("traffic-eth0-txbytes.derive", "18446744073709551615u"),
            Pair("traffic-eth1-rxbytes.derive", "4160492551700u"),
            Pair("traffic-eth1-txbytes.derive", "612845800274320u"),
            Pair("traffic-docker0-rxbytes.derive", "5000u"),
            Pair("traffic-docker0-txbytes.derive", "6000u")));
}

TEST_F(Local, DebianGivesKuradosMeta) {
    EXPECT_THAT(meta_of(collect()),
                UnorderedElementsAre(
                    Pair("uptime", "1209612"),
                    Pair("version", "Linux version 6.1.0-13-amd64 (debian@lists) #1 SMP Debian"),
                    Pair("disk-usage-devices", "mapper_vg0-root,sdb1"),
                    Pair("disk-usage-mapper_vg0-root-mount", "/"),
                    Pair("disk-usage-sdb1-mount", "/srv/big disk\\a"),
                    Pair("disk-io-devices", "cciss_c0d0,mapper_vg0-root,mapper_vg0-swap_1,sda,sdb"),
                    Pair("disk-swap-devices", "mapper_vg0-swap_1,sdb2"),
                    Pair("traffic-interfaces", "eth0,eth1,docker0")));
}

TEST_F(Local, OnlyDisksAreAskedForTheirUseAndEachOnce) {
    static_cast<void>(collect());
    EXPECT_THAT(asked_, ElementsAre("/.", "/srv/big disk\\a"));
}

TEST_F(Local, UseIsInWholeKibibytesRoundedUp) {
    answer_ =
        FileSystemUse{.block_bytes = 512, .blocks = 101, .free_blocks = 50, .available_blocks = 49};
    const auto values = values_of(collect());
    EXPECT_EQ(values.at("disk-usage-sdb1-used.gauge"), "26");
    EXPECT_EQ(values.at("disk-usage-sdb1-available.gauge"), "25");
}

TEST_F(Local, MoreFreeThanThereIsMeansNothingUsed) {
    answer_ =
        FileSystemUse{.block_bytes = 1024, .blocks = 10, .free_blocks = 11, .available_blocks = 11};
    EXPECT_EQ(values_of(collect()).at("disk-usage-sdb1-used.gauge"), "0");
}

TEST_F(Local, FileSystemThatRefusesIsAWarning) {
    answer_ = fail(ErrorCode::kSystem, "no answer");
    const Report report = collect();
    EXPECT_THAT(warnings_of(report), ElementsAre(Pair("disk_usage", "no answer")));
    EXPECT_THAT(meta_of(report), Not(Contains(Key("disk-usage-devices"))));
    EXPECT_THAT(values_of(report), Contains(Key("disk-io-sda-read-ios.derive")));
}

TEST_F(Local, DownInterfacesAreLeftOutUntilTheyAreUp) {
    EXPECT_THAT(values_of(collect()), Not(Contains(Key("traffic-eth2-rxbytes.derive"))));
    tree_.write("/sys/class/net/eth2/flags", "0x1003\n");
    EXPECT_THAT(values_of(collect()), Contains(Pair("traffic-eth2-rxbytes.derive", "0u")));
}

TEST_F(Local, UnusedDiskAppearsWithItsFirstOperation) {
    EXPECT_THAT(values_of(collect()), Not(Contains(Key("disk-io-sr0-read-ios.derive"))));
    tree_.write("/sys/block/sr0/stat", "0 0 0 0 1 0 8 0 0 0 0\n");
    EXPECT_THAT(values_of(collect()), Contains(Pair("disk-io-sr0-write-ios.derive", "1u")));
}

TEST_F(Local, OldKernelsMissingCpuFieldsAreZero) {
    tree_.write("/proc/stat", "cpu  1 2 3 4\n");
    const auto values = values_of(collect());
    EXPECT_EQ(values.at("cpu-idle.derive"), "4u");
    EXPECT_EQ(values.at("cpu-iowait.derive"), "0u");
    EXPECT_EQ(values.at("cpu-guest-nice.derive"), "0u");
}

TEST_F(Local, EveryMissingFileIsAWarningOfItsPartAlone) {
    const std::map<std::string, std::string> file_of_part = {{"memory", "/proc/meminfo"},
                                                             {"loadavg", "/proc/loadavg"},
                                                             {"uptime", "/proc/uptime"},
                                                             {"sys_version", "/proc/version"},
                                                             {"processors", "/proc/cpuinfo"},
                                                             {"cpu_usage", "/proc/stat"},
                                                             {"tcp_established", "/proc/net/snmp"},
                                                             {"disk_usage", "/proc/mounts"},
                                                             {"disk_io", "/sys/block"},
                                                             {"swaps", "/proc/swaps"},
                                                             {"traffic", "/proc/net/dev"}};
    for (const auto& [part, file] : file_of_part) {
        test::write_debian(tree_);
        tree_.write("/proc/swaps", "");  // a mapped one has its name from /sys/block, too
        tree_.remove(file);
        EXPECT_THAT(warnings_of(collect()),
                    ElementsAre(Pair(part, "cannot read " + file + ": No such file or directory")));
    }
}

TEST_F(Local, EmptyTreeGivesWarningsOnly) {
    const test::HostTree empty;
    const Report report = collect_local(empty.root(), "h", kLocalNow);
    EXPECT_THAT(report.batch.samples, IsEmpty());
    EXPECT_THAT(report.meta, IsEmpty());
    EXPECT_EQ(report.warnings.size(), 11U);
}

TEST_F(Local, GarbledFilesAreWarningsNotValues) {
    const std::map<std::string, std::string> file_of_part = {{"memory", "/proc/meminfo"},
                                                             {"loadavg", "/proc/loadavg"},
                                                             {"uptime", "/proc/uptime"},
                                                             {"sys_version", "/proc/version"},
                                                             {"processors", "/proc/cpuinfo"},
                                                             {"cpu_usage", "/proc/stat"},
                                                             {"tcp_established", "/proc/net/snmp"},
                                                             {"disk_io", "/sys/block/sda/stat"},
                                                             {"traffic", "/proc/net/dev"}};
    // What is garbage to every file that has a form; the version is any text but none.
    const std::vector<std::string> garbage = {
        "",
        "\n\n\n",
        ":",
        ": : :\n",
        "cpu x y\nTcp: CurrEstab\nTcp: -\nprocessor\neth0: 1 2\n",
        std::string("\0\xff\0eth0:\0\n", 10),
        std::string(100000, ' '),
        "99999999999999999999 1 1"};
    for (const auto& [part, file] : file_of_part) {
        test::write_debian(tree_);
        for (const std::string& text : garbage) {
            tree_.write(file, text);
            const Report report = collect();
            for (const Warning& warning : report.warnings) EXPECT_EQ(warning.key, part);
            for (const auto& [key, value] : values_of(report)) EXPECT_FALSE(value.empty()) << key;
        }
        // The text with the names in it but not one number.
        tree_.write(file, garbage[4]);
        if (part != "sys_version") {
            EXPECT_THAT(warnings_of(collect()), ElementsAre(Key(part))) << file;
        }
    }
}

TEST_F(Local, OneGarbledDiskDoesNotHideTheOthers) {
    tree_.write("/sys/block/dm-0/stat", "7 6 5\n");
    tree_.remove("/sys/block/dm-1/dm");
    const Report report = collect();
    EXPECT_THAT(warnings_of(report),
                UnorderedElementsAre(
                    Pair("disk_io", "/sys/block/dm-0/stat: does not begin with seven numbers"),
                    Pair("swaps", HasSubstr("cannot read /sys/block/dm-1/dm/name"))));
    EXPECT_EQ(meta_of(report).at("disk-io-devices"), "cciss_c0d0,sda,sdb");
}

TEST_F(Local, HugeFileIsAWarning) {
    tree_.write("/proc/net/dev", std::string(kHostFileBytesMax + 1, ' '));
    EXPECT_THAT(warnings_of(collect()), ElementsAre(Pair("traffic", HasSubstr("is larger than"))));
}

TEST_F(Local, ThousandDevicesAreReportedTheRestIsAWarning) {
    std::string mounts;
    std::string traffic;
    for (int i = 0; i < 1003; ++i) {
        mounts += fmt::format("/dev/sd{} /m{} ext4 rw 0 0\n", i, i);
        traffic += fmt::format("eth{}: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n", i);
        tree_.write(fmt::format("/sys/class/net/eth{}/flags", i), "0x1003\n");
        tree_.remove(fmt::format("/sys/class/net/eth{}/iflink", i));
        tree_.remove(fmt::format("/sys/class/net/eth{}/ifindex", i));
    }
    tree_.write("/proc/mounts", mounts);
    tree_.write("/proc/net/dev", traffic);
    const Report report = collect();
    EXPECT_EQ(asked_.size(), 1000U);
    EXPECT_THAT(warnings_of(report),
                UnorderedElementsAre(Pair("disk_usage", "/proc/mounts: more than 1000 devices"),
                                     Pair("traffic", "/proc/net/dev: more than 1000 interfaces")));
    EXPECT_THAT(values_of(report), Contains(Key("disk-usage-sd999-used.gauge")));
    EXPECT_THAT(values_of(report), Contains(Key("traffic-eth999-rxbytes.derive")));
}

TEST_F(Local, ControlBytesOfOutsideTextDoNotReachMeta) {
    tree_.write("/proc/mounts", "/dev/sdc1 /mnt/a\\012b\\011c\\777 ext4 rw 0 0\n");
    tree_.write("/proc/version", "Linux\x1b[31m\n");
    const auto meta = meta_of(collect());
    EXPECT_EQ(meta.at("disk-usage-sdc1-mount"), "/mnt/a?b?c\xff");
    EXPECT_EQ(meta.at("version"), "Linux?[31m");
}

TEST(LocalMachine, ThisMachineGivesAPlausibleReport) {
    if (!std::filesystem::exists("/proc/stat")) GTEST_SKIP() << "no /proc here";
    const Report report = collect_local("/", "here", kLocalNow);
    std::map<std::string, double> numbers;
    for (const auto& sample : report.batch.samples) {
        numbers[sample.key] = sample.value.kind == store::RawValue::Kind::kNumber
                                  ? sample.value.number
                                  : static_cast<double>(sample.value.integer);
        EXPECT_GE(numbers[sample.key], 0) << sample.key;
    }
    EXPECT_THAT(warnings_of(report), IsEmpty());
    EXPECT_GE(numbers.size(), 22U);
    EXPECT_GT(numbers["cpu-idle.derive"], 0);
    EXPECT_GE(numbers["processors.gauge"], 1);
    EXPECT_GT(numbers["memory-total.gauge"], 16e6);
    EXPECT_DOUBLE_EQ(numbers["memory-total.gauge"],
                     numbers["memory-used.gauge"] + numbers["memory-free.gauge"] +
                         numbers["memory-buffers.gauge"] + numbers["memory-cached.gauge"]);
}

TEST(LocalMachine, AskKernelSaysWhyItCannot) {
    const auto use = ask_kernel("/no such directory");
    ASSERT_FALSE(use);
    EXPECT_THAT(use.error().message, HasSubstr("/no such directory: No such file"));
    EXPECT_GT(ask_kernel("/").value().blocks, 0U);
}

}  // namespace
}  // namespace kurabe::collectors
