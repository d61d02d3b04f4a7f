// What becomes of devices' answers: base metrics as an agent gives them, across index changes,
// wraps and reboots, and of devices that speak SNMP badly.
#include "collectors/snmp/interview.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/kurado_lines.hpp"
#include "tests/collectors/snmp/conversation.hpp"
#include "tests/support/files.hpp"

namespace kurabe::collectors::snmp {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;
using tests::SnmpDevice;
using tests::SnmpTag;
using Manner = SnmpDevice::Manner;

constexpr std::uint64_t kInterviewRange = std::uint64_t{1} << 32;
constexpr Wanted kInterfaces{.interfaces = true};

SnmpDevice linux_machine() {
    return {.objects = tests::objects_of_walk(tests::read_file(
                std::string(KURABE_SOURCE_DIR) + "/tests/collectors/snmp/linux.walk"))};
}

SnmpDevice a_switch(unsigned ports = 48) {
    return {.objects = tests::switch_objects(ports, 1'000'000)};
}

// Of interfaces' tables, by column and row.
tests::SnmpOid plain(unsigned long column, unsigned long row) {
    return {1, 3, 6, 1, 2, 1, 2, 2, 1, column, row};
}
tests::SnmpOid more(unsigned long column, unsigned long row) {
    return {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, column, row};
}

// As those who have no 64-bit counters.
void forget_ifx_table(SnmpDevice& device) {
    std::erase_if(device.objects, [](const auto& object) {
        return is_below(object.first, OidView(tests::SnmpOid{1, 3, 6, 1, 2, 1, 31}));
    });
}

TEST(SnmpInterview, AMachineHasWhatAnAgentGives) {
    Conversation conversation(linux_machine());
    const auto report = conversation.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(keys_of(*report), IsSupersetOf({"memory-total.gauge",
                                                "memory-free.gauge",
                                                "memory-buffers.gauge",
                                                "memory-cached.gauge",
                                                "memory-used.gauge",
                                                "memory-swap-total.gauge",
                                                "memory-swap-used.gauge",
                                                "loadavg-1.gauge",
                                                "loadavg-5.gauge",
                                                "loadavg-15.gauge",
                                                "processors.gauge",
                                                "cpu-user.derive",
                                                "cpu-nice.derive",
                                                "cpu-system.derive",
                                                "cpu-idle.derive",
                                                "cpu-iowait.derive",
                                                "cpu-irq.derive",
                                                "cpu-softirq.derive",
                                                "cpu-steal.derive",
                                                "cpu-guest.derive",
                                                "cpu-guest-nice.derive",
                                                "tcp-established.gauge",
                                                "disk-usage-root-used.gauge",
                                                "disk-usage-root-available.gauge",
                                                "disk-io-vda-read-ios.derive",
                                                "disk-io-vda-read-sectors.derive",
                                                "disk-io-vda-write-ios.derive",
                                                "disk-io-vda-write-sectors.derive",
                                                "traffic-eth0-rxbytes.derive",
                                                "traffic-eth0-txbytes.derive"}));
    EXPECT_EQ(value_of(*report, "processors.gauge"), "2");
    EXPECT_EQ(value_of(*report, "memory-total.gauge"), fmt::format("{}", 24684100.0 * 1024));
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "eth0") << "up, and not the loopback";
    EXPECT_EQ(meta_of(*report, "disk-usage-devices"), "root,srv_data");
    EXPECT_EQ(meta_of(*report, "disk-usage-srv_data-mount"), "/srv/data");
    EXPECT_EQ(meta_of(*report, "disk-io-devices"), "vda");
    EXPECT_THAT(meta_of(*report, "version"), StartsWith("Linux web1 6.1.0-18-amd64 #1 SMP"));
    EXPECT_EQ(meta_of(*report, "uptime"), "2195") << "the machine's, not the agent's";
    EXPECT_TRUE(report->warnings.empty());
}

TEST(SnmpInterview, EachPartCanBeAskedForAlone) {
    Conversation host(linux_machine(), {.host_resources = true});
    const auto of_host = host.poll();
    ASSERT_TRUE(of_host);
    EXPECT_EQ(value_of(*of_host, "memory-total.gauge"), fmt::format("{}", 24684100.0 * 1024))
        << "from hrStorageTable";
    EXPECT_THAT(keys_of(*of_host), Not(Contains(StartsWith("traffic-"))));
    EXPECT_THAT(keys_of(*of_host), Not(Contains(StartsWith("disk-io-"))));
    Conversation ucd(linux_machine(), {.ucd = true});
    const auto of_ucd = ucd.poll();
    ASSERT_TRUE(of_ucd);
    EXPECT_THAT(keys_of(*of_ucd), Contains("disk-io-vda-read-ios.derive"));
    EXPECT_THAT(keys_of(*of_ucd), Not(Contains(StartsWith("disk-usage-"))));
    EXPECT_EQ(value_of(*of_ucd, "memory-free.gauge"), value_of(*of_host, "memory-free.gauge"));
    EXPECT_EQ(value_of(*of_ucd, "memory-used.gauge"), value_of(*of_host, "memory-used.gauge"));
}

TEST(SnmpInterview, ASwitchHasTrafficAndWhatDescribesIt) {
    Conversation conversation(a_switch());
    auto report = conversation.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(keys_of(*report).size(), 96u);
    EXPECT_EQ(value_of(*report, "traffic-Gi1_0_48-rxbytes.derive"), "1000048");
    EXPECT_EQ(value_of(*report, "traffic-Gi1_0_48-txbytes.derive"), "1001048");
    EXPECT_THAT(meta_of(*report, "traffic-interfaces"), StartsWith("Gi1_0_1,Gi1_0_2,"));
    report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_THAT(conversation.ways(), Each(Request::Way::kGet)) << "its indexes are known";
    EXPECT_LE(conversation.ways().size(), 3u);
}

TEST(SnmpInterview, InterfacesAreFollowedByNameAcrossIndexes) {
    for (const bool tells_changes : {true, false}) {
        SnmpDevice device = a_switch(4);
        if (!tells_changes) device.objects.erase({1, 3, 6, 1, 2, 1, 31, 1, 5, 0});
        Conversation conversation(device, kInterfaces);
        ASSERT_TRUE(conversation.poll());
        // Two have changed places, counters and all.
        for (const unsigned long column : {2UL, 10UL, 16UL}) {
            std::swap(conversation.device.objects[plain(column, 1)],
                      conversation.device.objects[plain(column, 4)]);
        }
        for (const unsigned long column : {1UL, 6UL, 10UL}) {
            std::swap(conversation.device.objects[more(column, 1)],
                      conversation.device.objects[more(column, 4)]);
        }
        if (tells_changes) ++conversation.device.objects[{1, 3, 6, 1, 2, 1, 31, 1, 5, 0}].number;
        conversation.device.objects[more(6, 4)].number += 1000;
        const auto report = conversation.poll();
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(value_of(*report, "traffic-Gi1_0_1-rxbytes.derive"), "1001001");
        EXPECT_EQ(value_of(*report, "traffic-Gi1_0_4-rxbytes.derive"), "1000004");
        EXPECT_FALSE(has_gap(*report, "traffic-Gi1_0_1-rxbytes.derive"));
    }
}

TEST(SnmpInterview, AnInterfaceThatGoesAndOneThatComesAreNoticedAtOnce) {
    Conversation conversation(a_switch(3), kInterfaces);
    ASSERT_TRUE(conversation.poll());
    conversation.device.objects = tests::switch_objects(4, 1'000'000);
    auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Gi1_0_1,Gi1_0_2,Gi1_0_3,Gi1_0_4");
    conversation.device.objects = tests::switch_objects(2, 1'000'000);
    report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Gi1_0_1,Gi1_0_2");
    // One that is switched off is noticed at the next survey.
    conversation.device.objects[plain(7, 2)].number = 2;
    for (unsigned poll = 0; poll <= kSurveyEvery; ++poll) report = conversation.poll();
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Gi1_0_1");
}

TEST(SnmpInterview, InterfacesOfOneNameAreToldApart) {
    SnmpDevice device = a_switch(3);
    forget_ifx_table(device);
    device.objects[plain(2, 1)].text = "Ethernet";
    device.objects[plain(2, 2)].text = std::string("Ethernet\0", 9);
    device.objects[plain(2, 3)].text = "";
    Conversation conversation(device, kInterfaces);
    const auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Ethernet_1,Ethernet_2,if3");
}

TEST(SnmpInterview, ANameMadeOfAnIndexMayBeTakenAlready) {
    SnmpDevice device = a_switch(3);
    forget_ifx_table(device);
    device.objects[plain(2, 1)].text = "Gi1";
    device.objects[plain(2, 2)].text = "Gi1";
    device.objects[plain(2, 3)].text = "Gi1_1";
    Conversation conversation(device, kInterfaces);
    const auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Gi1_1_1,Gi1_2,Gi1_1_3");
}

TEST(SnmpInterview, WhatADeviceTurnedOutToBearIsForgottenAfterAFailure) {
    SnmpDevice device = linux_machine();
    device.manner = Manner::kNoBulk;
    Conversation conversation(device);
    ASSERT_TRUE(conversation.poll());
    DeviceMemory memory = conversation.memory();
    ASSERT_FALSE(memory.takes_bulk);
    memory.forget_manners();
    EXPECT_TRUE(memory.takes_bulk);
    EXPECT_FALSE(memory.plan.has_value());
    EXPECT_EQ(memory.message_bytes_max, kMessageBytesMax);
}

TEST(SnmpInterview, FiltersKeepWhatTheyName) {
    Conversation conversation(
        a_switch(12), kInterfaces,
        {.interfaces = {.only = {"Gi1/0/1*", "Gi1/0/[45]"}, .except = {"*/11"}}});
    const auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "traffic-interfaces"), "Gi1_0_1,Gi1_0_4,Gi1_0_5,Gi1_0_10,Gi1_0_12");
    Conversation disks(linux_machine(), Wanted::everything(), {.disks = {.except = {"/srv*"}}});
    EXPECT_EQ(meta_of(*disks.poll(), "disk-usage-devices"), "root");
}

// A 32-bit counter at two thirds of a gigabit wraps every 50 seconds.
TEST(SnmpInterview, CountersOf32BitsGrowAcrossWraps) {
    const std::string key = "traffic-GigabitEthernet1_0_1-rxbytes.derive";
    SnmpDevice device = a_switch(1);
    forget_ifx_table(device);
    device.objects[plain(10, 1)].number = kInterviewRange - 1000;
    Conversation conversation(device, kInterfaces);
    conversation.set_uptime(1'000'000);
    auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_TRUE(has_gap(*report, key)) << "it may have wrapped while nobody looked";
    conversation.device.objects[plain(10, 1)].number = 2'500'000'000;
    conversation.set_uptime(1'003'000);
    report = conversation.poll(store::Seconds{30});
    EXPECT_EQ(value_of(*report, key), fmt::format("{}", kInterviewRange + 2'500'000'000));
    EXPECT_FALSE(has_gap(*report, key));
    conversation.device.objects[plain(10, 1)].number = 1'000'000'000;
    conversation.set_uptime(1'006'000);
    report = conversation.poll(store::Seconds{30});
    EXPECT_EQ(value_of(*report, key), fmt::format("{}", 2 * kInterviewRange + 1'000'000'000));
    EXPECT_FALSE(has_gap(*report, key));
    // Further than a gigabit gets in a second: it began anew.
    conversation.device.objects[plain(10, 1)].number = 900'000'000;
    report = conversation.poll(store::Seconds{1});
    EXPECT_TRUE(has_gap(*report, key));
    EXPECT_EQ(value_of(*report, key), "900000000");
}

// A gigabit can come round 32 bits three times in two minutes: what is seen is more than before,
// and says nothing.
TEST(SnmpInterview, CountersOf32BitsThatMayHaveComeRoundAreUnknownAndSaySo) {
    const std::string key = "traffic-GigabitEthernet1_0_1-rxbytes.derive";
    SnmpDevice device = a_switch(2);
    forget_ifx_table(device);
    Conversation conversation(device, kInterfaces);
    auto report = conversation.poll();
    EXPECT_THAT(report->warnings, IsEmpty());
    conversation.device.objects[plain(10, 1)].number += 1000;
    report = conversation.poll(store::Seconds{120});
    EXPECT_TRUE(has_gap(*report, key));
    ASSERT_EQ(report->warnings.size(), 1u);
    EXPECT_EQ(report->warnings[0].key, "traffic-counters");
    EXPECT_THAT(report->warnings[0].text,
                AllOf(StartsWith("GigabitEthernet1_0_1 and 1 more: 32-bit counters can come round"),
                      HasSubstr("in the 120 s between two polls")));
    report = conversation.poll(store::Seconds{60});
    EXPECT_FALSE(has_gap(*report, key));
    EXPECT_THAT(report->warnings, IsEmpty());
}

TEST(SnmpInterview, ADiscontinuityOf32BitsIsNoWrap) {
    const std::string key = "traffic-Gi1_0_1-rxbytes.derive";
    SnmpDevice device = a_switch(2);
    for (const unsigned long column : {6UL, 10UL}) {
        device.objects.erase(more(column, 1));
        device.objects.erase(more(column, 2));
    }
    device.objects[plain(10, 1)].number = kInterviewRange - 1000;
    device.objects[plain(10, 2)].number = kInterviewRange - 1000;
    Conversation conversation(device, kInterfaces);
    ASSERT_TRUE(conversation.poll());
    conversation.device.objects[plain(10, 1)].number = 500;
    conversation.device.objects[plain(10, 2)].number = 500;
    conversation.device.objects[more(19, 1)].number = 8'641'000;
    const auto report = conversation.poll(store::Seconds{30});
    ASSERT_TRUE(report);
    EXPECT_TRUE(has_gap(*report, key));
    EXPECT_EQ(value_of(*report, key), "500");
    EXPECT_FALSE(has_gap(*report, "traffic-Gi1_0_2-rxbytes.derive"));
    EXPECT_EQ(value_of(*report, "traffic-Gi1_0_2-rxbytes.derive"),
              fmt::format("{}", kInterviewRange + 500));
}

TEST(SnmpInterview, ARebootBreaksEveryCounterAndIsSurveyedAnew) {
    Conversation conversation(a_switch(3), kInterfaces);
    conversation.set_uptime(5'000'000);
    ASSERT_TRUE(conversation.poll());
    conversation.device.objects = tests::switch_objects(5, 10);
    conversation.set_uptime(3000);
    auto report = conversation.poll();
    ASSERT_TRUE(report);
    for (int port = 1; port <= 3; ++port) {
        const std::string key = fmt::format("traffic-Gi1_0_{}-rxbytes.derive", port);
        EXPECT_TRUE(has_gap(*report, key));
        EXPECT_EQ(value_of(*report, key), std::to_string(10 + port));
    }
    EXPECT_THAT(meta_of(*report, "traffic-interfaces"), HasSubstr("Gi1_0_5"));
    conversation.set_uptime(9000);
    report = conversation.poll();
    EXPECT_FALSE(has_gap(*report, "traffic-Gi1_0_1-rxbytes.derive"));
}

TEST(SnmpInterview, AnUptimeThatWrapsBreaksNothing) {
    Conversation conversation(a_switch(1), kInterfaces);
    conversation.set_uptime(kInterviewRange - 3000);
    ASSERT_TRUE(conversation.poll());
    conversation.set_uptime(3000);
    EXPECT_FALSE(has_gap(*conversation.poll(), "traffic-Gi1_0_1-rxbytes.derive"));
}

TEST(SnmpInterview, APollThatStandsAloneGivesCountersAsTheyAre) {
    SnmpDevice device = a_switch(1);
    forget_ifx_table(device);
    Conversation conversation(device, kInterfaces);
    conversation.goes_on = false;
    EXPECT_FALSE(has_gap(*conversation.poll(), "traffic-GigabitEthernet1_0_1-rxbytes.derive"));
}

// net-snmp's agent counts nothing for some seconds after its start.
TEST(SnmpInterview, TimeOfTheProcessorIsLeftOutBeforeAnyIsCounted) {
    Conversation conversation(linux_machine());
    conversation.device.objects[{1, 3, 6, 1, 4, 1, 2021, 11, 53, 0}].number = 0;
    EXPECT_THAT(keys_of(*conversation.poll()), Not(Contains(StartsWith("cpu-"))));
}

TEST(SnmpInterview, DisksAndMountsHaveKuradosNamesAndUnits) {
    SnmpDevice device = linux_machine();
    const auto row = [&](unsigned long column, unsigned long index) -> tests::SnmpValue& {
        return device.objects[{1, 3, 6, 1, 2, 1, 25, 2, 3, 1, column, index}];
    };
    const auto disk = [&](unsigned long index, const std::string& descr) {
        row(2, index) = {.tag = SnmpTag::kOid, .oid = {1, 3, 6, 1, 2, 1, 25, 2, 1, 4}};
        row(3, index) = {.tag = SnmpTag::kText, .text = descr};
        row(4, index) = {.tag = SnmpTag::kInteger, .number = 4096};
        row(5, index) = {.tag = SnmpTag::kInteger, .number = 1000};
        row(6, index) = {.tag = SnmpTag::kInteger, .number = 250};
    };
    disk(50, "/boot");
    disk(51, "C:\\ Label:System  Serial Number 1a2b");
    disk(52, "/var/lib");
    disk(53, "/huge");
    row(5, 53).number = static_cast<std::uint64_t>(-1'294'967'296);  // 3,000,000,000 units
    // A `disk` line of the agent's configuration tells the device.
    device.objects[{1, 3, 6, 1, 4, 1, 2021, 9, 1, 2, 1}] = {.tag = SnmpTag::kText,
                                                            .text = "/var/lib"};
    device.objects[{1, 3, 6, 1, 4, 1, 2021, 9, 1, 3, 1}] = {.tag = SnmpTag::kText,
                                                            .text = "/dev/mapper/vg-lib"};
    const auto io = [&](unsigned long index, const std::string& name) {
        for (const unsigned long column : {2UL, 5UL, 6UL, 12UL, 13UL}) {
            device.objects[{1, 3, 6, 1, 4, 1, 2021, 13, 15, 1, 1, column, index}] = {
                .tag = column > 10 ? SnmpTag::kCounter64 : SnmpTag::kCounter32, .number = 5120};
        }
        device.objects[{1, 3, 6, 1, 4, 1, 2021, 13, 15, 1, 1, 2, index}] = {.tag = SnmpTag::kText,
                                                                            .text = name};
    };
    io(60, "vda1");
    io(61, "nvme0n1");
    io(62, "nvme0n1p2");
    io(63, "dm-0");
    Conversation conversation(device);
    const auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(meta_of(*report, "disk-usage-devices"), "root,srv_data,C,mapper_vg-lib,huge");
    EXPECT_EQ(value_of(*report, "disk-usage-C-used.gauge"), "1000");
    EXPECT_EQ(value_of(*report, "disk-usage-C-available.gauge"), "3000");
    EXPECT_EQ(value_of(*report, "disk-usage-huge-available.gauge"), "11999999000");
    EXPECT_EQ(meta_of(*report, "disk-io-devices"), "vda,nvme0n1,dm-0");
    EXPECT_EQ(value_of(*report, "disk-io-nvme0n1-read-sectors.derive"), "10");
}

TEST(SnmpInterview, DevicesThatSpeakOldOrBadlyAreAskedInOtherWays) {
    for (const Manner manner : {Manner::kNoBulk, Manner::kRefusesBulk, Manner::kVersion1}) {
        SnmpDevice device = linux_machine();
        device.manner = manner;
        Conversation conversation(device), good(linux_machine());
        const auto report = conversation.poll();
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(kurado_lines(*report), kurado_lines(*good.poll()));
        EXPECT_FALSE(conversation.memory().takes_bulk);
    }
}

TEST(SnmpInterview, DevicesWithSmallMessagesAreAskedForLessAtATime) {
    for (const std::size_t bytes : {900, 484, 200}) {
        SnmpDevice device = a_switch();
        device.message_bytes_max = bytes;
        Conversation conversation(device, kInterfaces);
        for (int poll = 0; poll < 3; ++poll) {
            const auto report = conversation.poll();
            ASSERT_TRUE(report) << report.error().message;
            EXPECT_EQ(keys_of(*report).size(), 96u);
        }
    }
    SnmpDevice device = a_switch();
    device.message_bytes_max = 70;
    Conversation conversation(device, kInterfaces);
    const auto report = conversation.poll();
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr("cannot answer"));
}

TEST(SnmpInterview, DevicesThatLieAreErrors) {
    const auto error_of = [](Manner manner) {
        SnmpDevice device = linux_machine();
        device.manner = manner;
        Conversation conversation(device);
        const auto report = conversation.poll();
        return report ? std::string("none") : report.error().message;
    };
    EXPECT_THAT(error_of(Manner::kStuck), StartsWith("the device does not go forward: "));
    EXPECT_THAT(error_of(Manner::kBackwards), StartsWith("the device does not go forward: "));
    EXPECT_THAT(error_of(Manner::kEndless), StartsWith("more than 10000 rows below "));
    EXPECT_THAT(error_of(Manner::kOtherNames), StartsWith("the device answers with 1.3.6.1.4.1.9"));
    EXPECT_THAT(error_of(Manner::kShort), HasSubstr(" questions with "));
    EXPECT_THAT(error_of(Manner::kErrors), StartsWith("the device answers with error-status 5"));
}

TEST(SnmpInterview, ValuesOfWrongKindsAreLeftOut) {
    SnmpDevice device = linux_machine();
    device.manner = Manner::kTexts;
    Conversation conversation(device);
    const auto report = conversation.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(keys_of(*report), Not(Contains(StartsWith("memory-"))));
    EXPECT_THAT(keys_of(*report), Not(Contains(StartsWith("cpu-"))));
    EXPECT_EQ(meta_of(*report, "version"), "no number??[31m");
}

TEST(SnmpInterview, ADeviceThatShowsNothingSaysSo) {
    SnmpDevice device;
    device.objects[{1, 3, 6, 1, 2, 1, 1, 1, 0}] = {.tag = SnmpTag::kText, .text = "shy"};
    Conversation conversation(device);
    const auto report = conversation.poll();
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, StartsWith("the device answers, but shows nothing of"));
}

// A plugin's own objects, by instances and by rows of a table.
OidPlugin ups() {
    return {
        .name = "ups",
        .metrics = {{.key = "charge", .oid = {1, 3, 6, 1, 4, 1, 9, 1, 0}},
                    {.key = "volts", .oid = {1, 3, 6, 1, 4, 1, 9, 2, 0}, .factor = 0.5},
                    {.key = "nothing", .oid = {1, 3, 6, 1, 4, 1, 9, 3, 0}}},
        .meta = {{.key = "model", .oid = {1, 3, 6, 1, 4, 1, 9, 4, 0}}},
        .tables = {
            {.list = "outputs",
             .name = {1, 3, 6, 1, 4, 1, 9, 5, 1, 1},
             .columns =
                 {{.key = "output-", .key_end = "-watts", .oid = {1, 3, 6, 1, 4, 1, 9, 5, 1, 2}},
                  {.key = "output-",
                   .key_end = "-joules",
                   .is_counter = true,
                   .oid = {1, 3, 6, 1, 4, 1, 9, 5, 1, 3}}}},
            {.list = "fans",
             .columns = {{.key = "fan-", .key_end = "", .oid = {1, 3, 6, 1, 4, 1, 9, 6, 1, 1}}}}}};
}

SnmpDevice a_ups() {
    SnmpDevice device = a_switch(1);
    auto& objects = device.objects;
    const auto at = [&objects](std::initializer_list<unsigned long> rest) -> tests::SnmpValue& {
        tests::SnmpOid name{1, 3, 6, 1, 4, 1, 9};
        name.insert(name.end(), rest);
        return objects[name];
    };
    at({1, 0}) = {.tag = SnmpTag::kInteger, .number = 97};
    at({2, 0}) = {.tag = SnmpTag::kText, .text = "54.5"};
    at({4, 0}) = {.tag = SnmpTag::kText, .text = "Model 7\n"};
    at({5, 1, 1, 10}) = {.tag = SnmpTag::kText, .text = "left side"};
    at({5, 1, 1, 20}) = {.tag = SnmpTag::kText, .text = "right"};
    at({5, 1, 2, 10}) = {.tag = SnmpTag::kGauge, .number = 300};
    at({5, 1, 2, 20}) = {.tag = SnmpTag::kGauge, .number = 200};
    at({5, 1, 3, 10}) = {.tag = SnmpTag::kCounter32, .number = kInterviewRange - 50};
    at({6, 1, 1, 1, 2}) = {.tag = SnmpTag::kInteger, .number = 1200};
    return device;
}

TEST(SnmpInterview, PluginsNameTheirOwnObjects) {
    Conversation conversation(a_ups(), {.plugins = {std::make_shared<const OidPlugin>(ups())}});
    auto report = conversation.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(keys_of(*report),
                ::testing::UnorderedElementsAre(
                    "charge.gauge", "volts.gauge", "output-left_side-watts.gauge",
                    "output-right-watts.gauge", "output-left_side-joules.derive", "fan-1_2.gauge"));
    for (const auto& sample : report->batch.samples) EXPECT_EQ(sample.plugin, "ups");
    for (const Meta& meta : report->meta) EXPECT_EQ(meta.plugin, "ups") << meta.key;
    EXPECT_EQ(value_of(*report, "charge.gauge"), "97");
    EXPECT_EQ(value_of(*report, "volts.gauge"), "27.25");
    EXPECT_EQ(meta_of(*report, "outputs"), "left_side,right");
    EXPECT_EQ(meta_of(*report, "fans"), "1_2");
    EXPECT_EQ(meta_of(*report, "model"), "Model 7");
    // A wrap, and rows that changed places.
    auto& objects = conversation.device.objects;
    std::swap(objects[{1, 3, 6, 1, 4, 1, 9, 5, 1, 1, 10}],
              objects[{1, 3, 6, 1, 4, 1, 9, 5, 1, 1, 20}]);
    objects[{1, 3, 6, 1, 4, 1, 9, 5, 1, 3, 20}] = {.tag = SnmpTag::kCounter32, .number = 50};
    objects.erase({1, 3, 6, 1, 4, 1, 9, 5, 1, 3, 10});
    report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(value_of(*report, "output-left_side-watts.gauge"), "200");
    EXPECT_EQ(value_of(*report, "output-left_side-joules.derive"),
              fmt::format("{}", kInterviewRange + 50));
    EXPECT_FALSE(has_gap(*report, "output-left_side-joules.derive"));
}

TEST(SnmpInterview, PluginsStandBesideBase) {
    Wanted wanted{.interfaces = true, .plugins = {std::make_shared<const OidPlugin>(ups())}};
    Conversation conversation(a_ups(), wanted);
    const auto report = conversation.poll();
    ASSERT_TRUE(report);
    EXPECT_THAT(keys_of(*report), IsSupersetOf({"charge.gauge", "traffic-Gi1_0_1-rxbytes.derive"}));
    EXPECT_NE(meta_of(*report, "version"), "none");
}

TEST(SnmpInterview, MoreInterfacesThanMayBeAreCutWithAWarning) {
    Conversation conversation(a_switch(1005), kInterfaces);
    const auto report = conversation.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(keys_of(*report).size(), 2000u);
    ASSERT_EQ(report->warnings.size(), 1u);
    EXPECT_EQ(report->warnings[0].key, "traffic");
}

}  // namespace
}  // namespace kurabe::collectors::snmp
