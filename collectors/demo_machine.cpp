// What an invented host has and when it reports; its readings are in demo_readings.cpp.
#include "collectors/demo_machine.hpp"

#include <chrono>
#include <ratio>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kurabe::collectors::demo {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPlugin = "base";

constexpr store::Seconds kOutageBegin = -20h;
constexpr store::Seconds kOutageEnd = -16h;
constexpr store::Seconds kDeadSince = -24h;
constexpr store::Seconds kNewlyInstalled = -6h;

// 1970-01-05 0:00 in Japan.
constexpr store::Time kSomeMonday{store::Seconds{4 * 24h - 9h}};

// The Monday that starts the week before `time`, so that no counter is near 0 at `time`.
store::Time monday_well_before(store::Time time) {
    using Weeks = std::chrono::duration<std::int64_t, std::ratio<604800>>;
    return kSomeMonday + std::chrono::floor<Weeks>(time - kSomeMonday) - Weeks{1};
}

store::Time installation(Oddity oddity, store::Time end, Dice& dice) {
    // Old enough for a year of history.
    const auto days = static_cast<std::int64_t>(dice.between(400, 1000));
    const auto minutes = static_cast<std::int64_t>(dice.between(0, 24 * 60));
    if (oddity == Oddity::kNewlyInstalled) {
        return end + kNewlyInstalled;
    }
    return end - std::chrono::days{days} - std::chrono::minutes{minutes};
}

}  // namespace

Machine::Machine(const Role& role, Oddity oddity, std::uint64_t seed, store::Time end)
    : role_(role), oddity_(oddity), seed_(seed), end_(end) {
    constexpr double kGibibyte = 1024.0 * 1024 * 1024;
    constexpr double kBlocksPerGibibyte = 1024.0 * 1024;
    Dice dice(seed);
    installed_ = installation(oddity, end, dice);
    origin_ = monday_well_before(installed_);
    end_clock_ = clock_at(end);
    demand_ = dice.between(0.6, 1.15);
    peak_ = (role.peak_hour + dice.between(-1, 1)) * kHour;
    // The one that is to have a load spike has room for it.
    busy_ = role.busy * demand_ * (oddity == Oddity::kLoadSpike ? 0.25 : 1);
    nightly_ = oddity == Oddity::kLoadSpike ? 0 : role.nightly_busy;
    memory_ = role.memory_gibibytes * kGibibyte * 0.98;
    swap_ = 4 * kGibibyte;
    restart_period_ = dice.between(18, 70) * kHour;
    interfaces_ = {"eth0"};
    if (role.second_interface) {
        interfaces_.emplace_back("eth1");
    }
    const auto add_disk = [&](std::string_view device, std::string_view mount, double gibibytes) {
        disks_.push_back({.device = std::string(device),
                          .mount = std::string(mount),
                          .blocks = gibibytes * kBlocksPerGibibyte,
                          .share_cleaned = dice.between(0.15, 0.45),
                          .growth_per_day = dice.between(0.001, 0.008),
                          .cleanup_days = dice.between(20, 60)});
    };
    add_disk("sda1", "/", 40);
    if (!role.data_device.empty()) {
        add_disk(role.data_device, role.data_mount, 800);
    }
}

double Machine::clock_at(store::Time time) const noexcept {
    return static_cast<double>((time - origin_).count());
}

bool Machine::reports_at(store::Time time) const noexcept {
    if (time < installed_) {
        return false;
    }
    switch (oddity_) {
        case Oddity::kOutage:
            return time < end_ + kOutageBegin || time >= end_ + kOutageEnd;
        case Oddity::kDead:
            return time < end_ + kDeadSince;
        default:
            return true;
    }
}

std::vector<std::string> Machine::keys() const {
    std::vector<std::string> keys = {
        "cpu-user.derive",         "cpu-nice.derive",        "cpu-system.derive",
        "cpu-idle.derive",         "cpu-iowait.derive",      "cpu-irq.derive",
        "cpu-softirq.derive",      "cpu-steal.derive",       "cpu-guest.derive",
        "cpu-guest-nice.derive",   "memory-total.gauge",     "memory-free.gauge",
        "memory-buffers.gauge",    "memory-cached.gauge",    "memory-used.gauge",
        "memory-swap-total.gauge", "memory-swap-used.gauge", "loadavg-1.gauge",
        "loadavg-5.gauge",         "loadavg-15.gauge",       "processors.gauge",
        "tcp-established.gauge"};
    for (const std::string& interface : interfaces_) {
        keys.push_back(fmt::format("traffic-{}-rxbytes.derive", interface));
        keys.push_back(fmt::format("traffic-{}-txbytes.derive", interface));
    }
    for (const Disk& disk : disks_) {
        keys.push_back(fmt::format("disk-usage-{}-used.gauge", disk.device));
        keys.push_back(fmt::format("disk-usage-{}-available.gauge", disk.device));
    }
    for (const std::string_view what : {"read-ios", "read-sectors", "write-ios", "write-sectors"}) {
        keys.push_back(fmt::format("disk-io-sda-{}.derive", what));
    }
    return keys;
}

std::vector<Meta> Machine::meta(store::Time time) const {
    std::vector<Meta> meta;
    const auto add = [&meta](std::string key, std::string value) {
        meta.push_back({std::string(kPlugin), std::move(key), std::move(value)});
    };
    std::vector<std::string_view> devices;
    for (const Disk& disk : disks_) {
        devices.push_back(disk.device);
        add(fmt::format("disk-usage-{}-mount", disk.device), disk.mount);
    }
    add("disk-usage-devices", fmt::format("{}", fmt::join(devices, ",")));
    add("disk-io-devices", "sda");
    add("disk-swap-devices", "sda2");
    add("traffic-interfaces", fmt::format("{}", fmt::join(interfaces_, ",")));
    add("uptime", fmt::format("{}", (time - installed_).count()));
    add("version", "Linux version 6.1.0-demo (an invented host of Kurabe)");
    return meta;
}

}  // namespace kurabe::collectors::demo
