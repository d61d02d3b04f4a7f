// The invented hosts behave like real ones: counters only grow, shares add up, and the odd ones
// are odd; and everything is repeatable.
#include "collectors/demo_fleet.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/sample.hpp"

namespace kurabe::collectors {
namespace {

using namespace std::chrono_literals;
using store::RawValue;
using store::Time;

constexpr Time kEnd{1'790'000'040s};
constexpr int kHosts = 24;

// What a host reports at a time, by key; empty when nothing.
std::map<std::string, double> read(const DemoFleet& fleet, std::size_t host, Time time) {
    const std::vector<std::string> keys = fleet.keys(host);
    std::vector<RawValue> values(keys.size());
    std::map<std::string, double> reading;
    if (fleet.readings(host, time, values)) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const bool whole = values[i].kind == RawValue::Kind::kInteger;
            reading[keys[i]] = whole ? static_cast<double>(values[i].integer) : values[i].number;
        }
    }
    return reading;
}

std::size_t host_with(const DemoFleet& fleet, demo::Oddity oddity) {
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        if (fleet.oddity(host) == oddity) {
            return host;
        }
    }
    ADD_FAILURE() << "no host with oddity " << static_cast<int>(oddity);
    return 0;
}

bool is_counter(std::string_view key) {
    return key.ends_with(".derive");
}

bool may_stand_still(const DemoFleet& fleet, std::size_t host, std::string_view key) {
    return key.starts_with("cpu-guest") ||
           (key.starts_with("traffic-") && fleet.oddity(host) == demo::Oddity::kTrafficCut);
}

bool equal(const RawValue& a, const RawValue& b) {
    return a.kind == b.kind && a.number == b.number && a.integer == b.integer;
}

TEST(DemoFleet, HostsAreDistinctAndGroupedByServiceAndLabel) {
    const DemoFleet fleet({.seed = 1, .hosts = 450, .end = kEnd});
    std::set<std::string> addresses;
    std::set<std::string> names;
    std::set<std::string> groups;
    std::string previous;
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        const DemoHost& who = fleet.hosts()[host];
        EXPECT_TRUE(addresses.insert(who.address).second) << who.address;
        EXPECT_TRUE(names.insert(who.hostname).second) << who.hostname;
        EXPECT_EQ(fleet.find(who.address), host);
        const std::string group = who.service + "/" + who.label;
        EXPECT_TRUE(group == previous || groups.insert(group).second) << group << " comes twice";
        previous = group;
    }
    EXPECT_EQ(fleet.hosts().size(), 450u);
    EXPECT_EQ(groups.size(), demo::roles().size());
}

TEST(DemoFleet, SharesOfTheRolesAddUp) {
    double sum = 0;
    for (const demo::Role& role : demo::roles()) {
        sum += role.share;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(DemoFleet, ForeignAddressesAreNotFound) {
    const DemoFleet fleet({.seed = 1, .hosts = kHosts, .end = kEnd});
    for (const std::string_view address :
         {"", "10.0.", "10.0.0", "10.0.0.", "10.0.0.10", "10.0.0.35", "10.0.0.011", "10.0.0.11 ",
          "10.0.00.11", "10.0.1.11", "10.0.-1.11", "10.0.0.-1", "10.0.0x11", "192.168.0.11",
          "10.0.99999999999999999999.11", "10.0.0.18446744073709551615"}) {
        EXPECT_EQ(fleet.find(address), std::nullopt) << address;
    }
    EXPECT_EQ(fleet.find("10.0.0.11"), 0u);
    EXPECT_EQ(fleet.find("10.0.0.34"), 23u);
}

TEST(DemoFleet, AnyNumberOfHostsIsAFleet) {
    EXPECT_TRUE(DemoFleet({.seed = 1, .hosts = 0, .end = kEnd}).hosts().empty());
    EXPECT_TRUE(DemoFleet({.seed = 1, .hosts = -5, .end = kEnd}).hosts().empty());
    EXPECT_EQ(DemoFleet({.seed = 1, .hosts = 1, .end = kEnd}).hosts().size(), 1u);
    EXPECT_EQ(DemoFleet({.seed = 1, .hosts = kDemoHostsMax + 1, .end = kEnd}).hosts().size(),
              static_cast<std::size_t>(kDemoHostsMax));
}

TEST(DemoFleet, HostsHaveAboutThirtyDistinctKeysWithTypes) {
    const DemoFleet fleet({.seed = 1, .hosts = kHosts, .end = kEnd});
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        const std::vector<std::string> keys = fleet.keys(host);
        EXPECT_GE(keys.size(), 30u);
        EXPECT_LE(keys.size(), 36u);
        EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size());
        for (const std::string& key : keys) {
            EXPECT_TRUE(is_counter(key) || key.ends_with(".gauge")) << key;
        }
    }
}

TEST(DemoFleet, SameArgumentsGiveTheSameReadings) {
    const DemoFleet one({.seed = 7, .hosts = kHosts, .end = kEnd});
    const DemoFleet other({.seed = 7, .hosts = kHosts, .end = kEnd});
    for (std::size_t host = 0; host < one.hosts().size(); ++host) {
        for (const Time time : {kEnd - 30h, kEnd - 61s, kEnd, kEnd + 60s}) {
            EXPECT_EQ(read(one, host, time), read(other, host, time));
        }
    }
}

TEST(DemoFleet, SeedsGiveDifferentHistories) {
    const DemoFleet one({.seed = 7, .hosts = kHosts, .end = kEnd});
    const DemoFleet other({.seed = 8, .hosts = kHosts, .end = kEnd});
    EXPECT_NE(read(one, 0, kEnd)["cpu-user.derive"], read(other, 0, kEnd)["cpu-user.derive"]);
    EXPECT_NE(read(one, 0, kEnd)["loadavg-1.gauge"], read(other, 0, kEnd)["loadavg-1.gauge"]);
}

TEST(DemoFleet, HostsOfOneRoleHaveDifferentHistories) {
    const DemoFleet fleet({.seed = 7, .hosts = 100, .end = kEnd});
    ASSERT_EQ(fleet.hosts()[8].label, fleet.hosts()[9].label);
    EXPECT_NE(read(fleet, 8, kEnd)["loadavg-5.gauge"], read(fleet, 9, kEnd)["loadavg-5.gauge"]);
}

TEST(DemoFleet, ReportsAgreeWithReadings) {
    const DemoFleet fleet({.seed = 3, .hosts = kHosts, .end = kEnd});
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        const std::vector<std::string> keys = fleet.keys(host);
        std::vector<RawValue> values(keys.size());
        const bool reported = fleet.readings(host, kEnd, values);
        const std::optional<Report> report = fleet.report(host, kEnd);
        ASSERT_EQ(report.has_value(), reported) << host;
        if (!reported) {
            continue;
        }
        EXPECT_EQ(report->batch.host, fleet.hosts()[host].address);
        ASSERT_EQ(report->batch.samples.size(), keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            EXPECT_EQ(report->batch.samples[i].plugin, "base");
            EXPECT_EQ(report->batch.samples[i].key, keys[i]);
            EXPECT_EQ(report->batch.samples[i].time, store::SampleTime(kEnd));
            EXPECT_TRUE(equal(report->batch.samples[i].value, values[i])) << keys[i];
        }
    }
}

TEST(DemoFleet, MetaNamesWhatTheKeysAreAbout) {
    const DemoFleet fleet({.seed = 3, .hosts = 100, .end = kEnd});
    const auto replica = std::ranges::find(fleet.hosts(), "replica", &DemoHost::label);
    ASSERT_NE(replica, fleet.hosts().end());
    const auto host = static_cast<std::size_t>(replica - fleet.hosts().begin());
    const std::optional<Report> report = fleet.report(host, kEnd);
    ASSERT_TRUE(report.has_value());
    std::map<std::string, std::string> meta;
    for (const Meta& entry : report->meta) {
        EXPECT_EQ(entry.plugin, "base");
        meta[entry.key] = entry.value;
    }
    EXPECT_EQ(meta["traffic-interfaces"], "eth0");
    EXPECT_EQ(meta["disk-usage-devices"], "sda1,mapper_vg0-data");
    EXPECT_EQ(meta["disk-usage-sda1-mount"], "/");
    EXPECT_EQ(meta["disk-usage-mapper_vg0-data-mount"], "/var/lib/mysql");
    EXPECT_EQ(meta["disk-io-devices"], "sda");
    EXPECT_EQ(meta["disk-swap-devices"], "sda2");
    EXPECT_GT(std::stoll(meta["uptime"]), 400 * 86400);
    EXPECT_FALSE(meta["version"].empty());
}

// Eight days around the end hold every day of a week, nights, bursts and all oddities.
TEST(DemoFleet, CountersGrowEachMinuteAlsoAcrossTheEnd) {
    for (const std::uint64_t seed : {1u, 20u, 300u}) {
        SCOPED_TRACE(seed);
        const DemoFleet fleet({.seed = seed, .hosts = kHosts, .end = kEnd});
        for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
            const std::vector<std::string> keys = fleet.keys(host);
            std::vector<RawValue> before(keys.size());
            std::vector<RawValue> now(keys.size());
            bool known = false;
            for (Time time = kEnd - 7 * 24h; time <= kEnd + 24h; time += 60s) {
                const bool reported = fleet.readings(host, time, now);
                for (std::size_t i = 0; reported && known && i < keys.size(); ++i) {
                    if (is_counter(keys[i])) {
                        ASSERT_EQ(now[i].kind, RawValue::Kind::kInteger) << keys[i];
                        ASSERT_TRUE(now[i].integer > before[i].integer ||
                                    (may_stand_still(fleet, host, keys[i]) &&
                                     now[i].integer == before[i].integer))
                            << keys[i] << " of host " << host;
                    }
                }
                known = known || reported;
                if (reported) {
                    before = now;
                }
            }
        }
    }
}

TEST(DemoFleet, JiffiesAddUpToWhatTheProcessorsHave) {
    const DemoFleet fleet({.seed = 5, .hosts = kHosts, .end = kEnd});
    const auto jiffies = [&](std::size_t host, Time time) {
        double sum = 0;
        for (const auto& [key, value] : read(fleet, host, time)) {
            sum += key.starts_with("cpu-") ? value : 0;
        }
        return sum;
    };
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        const double cores = read(fleet, host, kEnd - 25h)["processors.gauge"];
        if (fleet.oddity(host) != demo::Oddity::kNewlyInstalled) {
            EXPECT_EQ(jiffies(host, kEnd - 25h) - jiffies(host, kEnd - 49h), 100 * cores * 86400);
        }
    }
}

TEST(DemoFleet, GaugesArePlausible) {
    const DemoFleet fleet({.seed = 5, .hosts = kHosts, .end = kEnd});
    for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
        for (Time time = kEnd - 5 * 24h; time <= kEnd + 48h; time += 7min) {
            auto reading = read(fleet, host, time);
            if (reading.empty()) {
                continue;
            }
            for (const auto& [key, value] : reading) {
                ASSERT_GE(value, 0) << key;
            }
            ASSERT_EQ(reading["memory-used.gauge"] + reading["memory-free.gauge"] +
                          reading["memory-cached.gauge"] + reading["memory-buffers.gauge"],
                      reading["memory-total.gauge"]);
            ASSERT_LE(reading["memory-swap-used.gauge"], reading["memory-swap-total.gauge"]);
            ASSERT_LT(reading["loadavg-1.gauge"], 5 * reading["processors.gauge"]);
        }
    }
}

TEST(DemoFleet, DaysAreBusierThanNights) {
    const DemoFleet fleet({.seed = 5, .hosts = 100, .end = kEnd});
    // "shop" at 20:00 and at 8:00 in Japan, a Wednesday.
    const Time evening = Time{std::chrono::sys_days{std::chrono::year{2026} / 9 / 16}} + 11h;
    const std::size_t host = fleet.find("10.0.0.35").value();
    ASSERT_EQ(fleet.hosts()[host].service, "shop");
    const auto user_in_an_hour_from = [&](Time time) {
        return read(fleet, host, time + 1h)["cpu-user.derive"] -
               read(fleet, host, time)["cpu-user.derive"];
    };
    EXPECT_GT(user_in_an_hour_from(evening), 1.3 * user_in_an_hour_from(evening - 12h));
}

TEST(DemoFleetOddities, FleetsOfEightHaveEachOnceAndSmallerOnesNone) {
    for (const int hosts : {7, 8, 9, 30, 1000}) {
        const DemoFleet fleet({.seed = 1, .hosts = hosts, .end = kEnd});
        std::multiset<demo::Oddity> odd;
        for (std::size_t host = 0; host < fleet.hosts().size(); ++host) {
            if (fleet.oddity(host) != demo::Oddity::kNone) {
                odd.insert(fleet.oddity(host));
            }
        }
        std::multiset<demo::Oddity> expected(demo::kOddities.begin(), demo::kOddities.end());
        EXPECT_EQ(odd, hosts < 8 ? std::multiset<demo::Oddity>{} : expected) << hosts;
    }
}

TEST(DemoFleetOddities, LoadSpikesThreeHoursBeforeTheEnd) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kLoadSpike);
    auto before = read(fleet, host, kEnd - 4h);
    auto spike = read(fleet, host, kEnd - 3h + 18min);
    EXPECT_LT(before["loadavg-1.gauge"], before["processors.gauge"]);
    EXPECT_GT(spike["loadavg-1.gauge"], 3 * spike["processors.gauge"]);
}

TEST(DemoFleetOddities, AnOutageLeavesAGapAndCountersGoOn) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kOutage);
    EXPECT_FALSE(read(fleet, host, kEnd - 20h - 60s).empty());
    EXPECT_FALSE(fleet.report(host, kEnd - 18h).has_value());
    EXPECT_GT(read(fleet, host, kEnd - 16h)["cpu-user.derive"],
              read(fleet, host, kEnd - 21h)["cpu-user.derive"]);
}

TEST(DemoFleetOddities, OneDiskIsNinetyNinePercentFull) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kDiskFull);
    double fullest = 0;
    auto reading = read(fleet, host, kEnd);
    for (const std::string device : {"sda1", "sda3", "mapper_vg0-data"}) {
        const double used = reading["disk-usage-" + device + "-used.gauge"];
        const double available = reading["disk-usage-" + device + "-available.gauge"];
        fullest = std::max(fullest, used > 0 ? used / (used + available) : 0);
    }
    EXPECT_NEAR(fullest, 0.99, 0.001);
}

TEST(DemoFleetOddities, CutTrafficIsFlatFromAnHourBeforeTheEnd) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kTrafficCut);
    auto cut = read(fleet, host, kEnd - 1h);
    for (const std::string key : {"traffic-eth0-rxbytes.derive", "traffic-eth0-txbytes.derive"}) {
        EXPECT_GT(cut[key], read(fleet, host, kEnd - 61min)[key]);
        EXPECT_EQ(cut[key], read(fleet, host, kEnd)[key]);
        EXPECT_EQ(cut[key], read(fleet, host, kEnd + 1h)[key]);
    }
}

TEST(DemoFleetOddities, ALeakFillsMemoryThenSwap) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kMemoryLeak);
    auto full = read(fleet, host, kEnd - 9h);
    auto end = read(fleet, host, kEnd);
    EXPECT_GT(full["memory-used.gauge"], 0.94 * full["memory-total.gauge"]);
    EXPECT_LT(full["memory-swap-used.gauge"], 0.01 * full["memory-swap-total.gauge"]);
    EXPECT_GT(end["memory-swap-used.gauge"], 0.8 * end["memory-swap-total.gauge"]);
}

TEST(DemoFleetOddities, OneIsInstalledSixHoursBeforeTheEnd) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kNewlyInstalled);
    EXPECT_TRUE(read(fleet, host, kEnd - 6h - 1s).empty());
    EXPECT_FALSE(read(fleet, host, kEnd - 6h).empty());
}

TEST(DemoFleetOddities, TheDeadOneIsSilentForADayAndForEver) {
    const DemoFleet fleet({.seed = 1, .hosts = 8, .end = kEnd});
    const std::size_t host = host_with(fleet, demo::Oddity::kDead);
    EXPECT_FALSE(read(fleet, host, kEnd - 24h - 60s).empty());
    for (const auto after : {-24h, -1h, 0h, 1h, 1000h}) {
        EXPECT_FALSE(fleet.report(host, kEnd + after).has_value());
    }
}

}  // namespace
}  // namespace kurabe::collectors
