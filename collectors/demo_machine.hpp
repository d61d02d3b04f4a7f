// One invented host: what it has, and what it reads at any time, as Kurado's agent would send it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collectors/demo_role.hpp"
#include "collectors/demo_signal.hpp"
#include "collectors/report.hpp"

namespace kurabe::collectors::demo {

// What makes a host stand out, by the time at which the written history ends.
enum class Oddity : std::uint8_t {
    kNone,
    kLoadSpike,       // for half an hour, 3 hours before
    kOutage,          // silent from 20 to 16 hours before
    kDiskFull,        // 99 % of its last disk used
    kTrafficCut,      // nothing sent or received from an hour before on
    kMemoryLeak,      // memory full 9 hours before, then swap
    kNewlyInstalled,  // 6 hours before
    kDead,            // silent from a day before on
};
inline constexpr std::array kOddities = {
    Oddity::kLoadSpike,  Oddity::kOutage,         Oddity::kDiskFull, Oddity::kTrafficCut,
    Oddity::kMemoryLeak, Oddity::kNewlyInstalled, Oddity::kDead};

// Immutable, so any number of threads may read it. All counters began before the machine was
// installed and never restart.
class Machine {
  public:
    Machine(const Role& role, Oddity oddity, std::uint64_t seed, store::Time end);

    [[nodiscard]] bool reports_at(store::Time time) const noexcept;
    // Of the plugin "base": cpu, memory, load, processors, connections, traffic, disks.
    [[nodiscard]] std::vector<std::string> keys() const;
    // Values in the order of keys(), as many as those.
    void read(store::Time time, std::span<store::RawValue> values) const noexcept;
    [[nodiscard]] std::vector<Meta> meta(store::Time time) const;

  private:
    struct Disk {
        std::string device;
        std::string mount;
        double blocks;          // of 1024 bytes
        double share_cleaned;   // used after a cleanup
        double growth_per_day;  // share of the disk
        double cleanup_days;    // between two cleanups
    };

    // The work of the machine at a time: 1 is its mean. Each next one is rougher.
    struct Activity {
        Flow hours;
        Flow minutes;
        Flow seconds;
        Flow nightly;  // rate 1 at the height of the nightly job
        Flow bursts;   // mean rate 1
    };

    // Writes one value after the other.
    class Writer;

    [[nodiscard]] double clock_at(store::Time time) const noexcept;
    [[nodiscard]] Activity activity_at(double clock) const noexcept;
    [[nodiscard]] Flow spike_at(double clock, double delay) const noexcept;
    void write_cpu(double clock, const Activity& activity, Writer& writer) const noexcept;
    void write_memory(double clock, const Activity& activity, Writer& writer) const noexcept;
    void write_load(double clock, const Activity& activity, Writer& writer) const noexcept;
    void write_network(double clock, const Activity& activity, Writer& writer) const noexcept;
    void write_disk_usage(double clock, Writer& writer) const noexcept;
    void write_disk_io(double clock, const Activity& activity, Writer& writer) const noexcept;
    [[nodiscard]] double disk_used_share(const Disk& disk, double clock) const noexcept;

    Role role_;
    Oddity oddity_;
    std::uint64_t seed_;
    store::Time end_;
    store::Time installed_;
    store::Time origin_;  // 0 of the machine's clock: a Monday, 0:00 in Japan
    double end_clock_;
    double busy_;            // share of the processors, mean
    double nightly_;         // share of the processors, highest
    double demand_;          // of this host relative to its role
    double peak_;            // of the day, in seconds
    double memory_;          // bytes
    double swap_;            // bytes
    double restart_period_;  // of the service, which frees its memory
    std::vector<std::string> interfaces_;
    std::vector<Disk> disks_;
};

}  // namespace kurabe::collectors::demo
