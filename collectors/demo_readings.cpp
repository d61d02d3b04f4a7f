// What an invented host reads: closed forms of the time, so that a server which comes back goes on
// exactly where a written history ends.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "collectors/demo_machine.hpp"

namespace kurabe::collectors::demo {

namespace {

using store::RawValue;

// One per independent noise of a machine.
enum class DrawPart : std::uint64_t {
    kDice,  // the machine's own draws use the seed itself
    kHours,
    kMinutes,
    kSeconds,
    kBursts,
    kSystem,
    kWait,
    kMemory,
    kRestart,
    kReads,
    kReadSectors,
    kWrites,
    kWriteSectors,
    kInterfaces,  // two each, therefore last
};

std::uint64_t seed_of(std::uint64_t seed, DrawPart part, std::uint64_t offset = 0) noexcept {
    return demo::seed_of(seed, static_cast<std::uint64_t>(part) + offset);
}

// Each counter moves this much in any case, so that it is higher each minute.
constexpr double kSlowestPerSecond = 0.05;

std::int64_t counted(double clock, double total) noexcept {
    return static_cast<std::int64_t>(total + kSlowestPerSecond * clock);
}

// Highest rate of bursts is kBurstRateMax times this.
constexpr double kBurstsBusy = 0.002;
constexpr double kSpikeBusy = 0.45;
constexpr double kSpikeLoadPerCore = 3.5;
constexpr double kSpikeBegin = -3 * kHour;
constexpr double kSpikeWidth = 35 * kMinute;

}  // namespace

class Machine::Writer {
  public:
    explicit Writer(std::span<RawValue> values) noexcept : values_(values) {}

    void gauge(double value) noexcept { next() = RawValue::of(value); }
    void integer(std::int64_t value) noexcept { next() = RawValue::of_integer(value); }
    void counter(double clock, double total) noexcept { integer(counted(clock, total)); }
    [[nodiscard]] std::size_t written() const noexcept { return written_; }

  private:
    RawValue& next() noexcept { return values_[written_++]; }

    std::span<RawValue> values_;
    std::size_t written_ = 0;
};

void Machine::read(store::Time time, std::span<RawValue> values) const noexcept {
    const double clock = clock_at(time);
    const Activity activity = activity_at(clock);
    Writer writer(values);
    write_cpu(clock, activity, writer);
    write_memory(clock, activity, writer);
    write_load(clock, activity, writer);
    if (oddity_ == Oddity::kTrafficCut) {
        const double connected = std::min(clock, end_clock_ - kHour);
        Activity then = activity_at(connected);
        then.minutes.rate = connected < clock ? 0 : then.minutes.rate;
        write_network(connected, then, writer);
    } else {
        write_network(clock, activity, writer);
    }
    write_disk_usage(clock, writer);
    write_disk_io(clock, activity, writer);
    assert(writer.written() == values.size());
}

Machine::Activity Machine::activity_at(double clock) const noexcept {
    constexpr double kEveningSwing = 0.15;
    constexpr double kWeekendBegin = 4 * kDay + 18 * kHour;
    constexpr double kWeekendWidth = 2.4 * kDay;
    const Flow steady{clock, 1};
    const Flow rhythm = steady + role_.daily_depth * cosine(clock, kDay, peak_) +
                        kEveningSwing * cosine(clock, kDay / 2, peak_ + 1.5 * kHour) +
                        -role_.weekend_drop * bumps(clock, {kWeek, kWeekendBegin, kWeekendWidth});
    Activity activity;
    activity.hours = wander(rhythm, seed_of(seed_, DrawPart::kHours), 3 * kHour, 0.3);
    activity.minutes =
        wander(activity.hours, seed_of(seed_, DrawPart::kMinutes), 14 * kMinute, 0.4);
    activity.seconds = wander(activity.minutes, seed_of(seed_, DrawPart::kSeconds), 100, 0.4);
    activity.nightly = bumps(clock, {kDay, role_.nightly_hour * kHour, 2.5 * kHour});
    activity.bursts = bursts(clock, seed_of(seed_, DrawPart::kBursts), 5 * kHour);
    return activity;
}

Flow Machine::spike_at(double clock, double delay) const noexcept {
    if (oddity_ != Oddity::kLoadSpike) {
        return {};
    }
    return bump(clock, end_clock_ + kSpikeBegin + delay, kSpikeWidth);
}

void Machine::write_cpu(double clock, const Activity& activity, Writer& writer) const noexcept {
    const std::int64_t jiffies_per_second = 100 * role_.cores;
    std::int64_t idle = jiffies_per_second * static_cast<std::int64_t>(clock);
    const auto spent = [&](Flow share) {
        const std::int64_t jiffies =
            counted(clock, static_cast<double>(jiffies_per_second) * share.total);
        idle -= jiffies;
        return jiffies;
    };
    const Flow extra = nightly_ * activity.nightly + kBurstsBusy * activity.bursts +
                       kSpikeBusy * spike_at(clock, 0);
    const Flow busy = busy_ * activity.seconds + extra;
    const Flow in_kernel = wander(busy_ * activity.minutes, seed_of(seed_, DrawPart::kSystem),
                                  3 * busy_ * kMinute, 0.4);
    const Flow waiting =
        wander(0.02 * activity.minutes, seed_of(seed_, DrawPart::kWait), 0.02 * 150, 0.6) +
        0.2 * nightly_ * activity.nightly;
    const std::int64_t user = spent(0.70 * busy);
    const std::int64_t nice = spent(0.005 * busy);
    const std::int64_t system = spent(0.20 * in_kernel + 0.15 * extra);
    const std::int64_t wait = spent(waiting);
    const std::int64_t irq = spent(0.004 * busy);
    const std::int64_t soft_irq = spent(0.03 * busy);
    const std::int64_t steal = spent(0.01 * busy);
    // The machines host no others, so there are no guests.
    for (const std::int64_t value :
         {user, nice, system, idle, wait, irq, soft_irq, steal, std::int64_t{0}, std::int64_t{0}}) {
        writer.integer(value);
    }
}

void Machine::write_memory(double clock, const Activity& activity, Writer& writer) const noexcept {
    constexpr double kPage = 4096;
    const auto in_pages = [](double bytes) { return std::floor(bytes / kPage) * kPage; };
    // Grows until the service restarts, each time by another amount.
    const double restarts = std::floor(clock / restart_period_);
    const double growth = 0.1 + 0.15 * unit_hash(seed_of(seed_, DrawPart::kRestart),
                                                 static_cast<std::uint64_t>(restarts));
    const double busier = std::min(activity.minutes.rate, 4.0) - 1;  // up to 3, around 0
    double used =
        role_.memory_used * (0.88 + growth * sawtooth(clock, restart_period_)) + 0.012 * busier;
    double swapped = 0.004 + 0.002 * unit_hash(seed_of(seed_, DrawPart::kMemory), 0);
    if (oddity_ == Oddity::kMemoryLeak) {
        const double leaked = ramp(clock, end_clock_ - 40 * kHour, end_clock_ - 9 * kHour);
        used += (0.955 - used) * leaked + 0.002 * busier * leaked;
        swapped += 0.85 * ramp(clock, end_clock_ - 9 * kHour, end_clock_) +
                   0.12 * ramp(clock, end_clock_, end_clock_ + kDay);
    }
    const double rest = 1 - used;
    const double buffers = 0.06 * rest;
    // Files read stay cached, until the night's backup makes room.
    const double cached = rest * (0.5 + 0.35 * sawtooth(clock - 4 * kHour, kDay));
    const double total = in_pages(memory_);
    const double used_bytes = in_pages(used * total);
    const double buffers_bytes = in_pages(buffers * total);
    const double cached_bytes = in_pages(cached * total);
    writer.gauge(total);
    writer.gauge(total - used_bytes - buffers_bytes - cached_bytes);
    writer.gauge(buffers_bytes);
    writer.gauge(cached_bytes);
    writer.gauge(used_bytes);
    writer.gauge(swap_);
    writer.gauge(in_pages(swapped * swap_));
}

void Machine::write_load(double clock, const Activity& activity, Writer& writer) const noexcept {
    const double cores = role_.cores;
    const double extra =
        1.3 * nightly_ * activity.nightly.rate + 2 * kBurstsBusy * activity.bursts.rate;
    const auto load = [&](const Flow& work, double delay) {
        const double per_core =
            1.2 * busy_ * work.rate + extra + kSpikeLoadPerCore * spike_at(clock, delay).rate;
        return std::round(100 * cores * per_core) / 100;
    };
    writer.gauge(load(activity.seconds, 0));
    writer.gauge(load(activity.minutes, 3 * kMinute));
    writer.gauge(load(activity.hours, 8 * kMinute));
    writer.gauge(cores);
}

// `clock` is the time of the last packet.
void Machine::write_network(double clock, const Activity& activity, Writer& writer) const noexcept {
    // The agent's own connection remains.
    writer.gauge(1 + std::round(role_.connections * demand_ * activity.minutes.rate));
    for (std::size_t i = 0; i < interfaces_.size(); ++i) {
        // The second one is the way to the disks and backups: less by day, more by night.
        const double scale = demand_ * (i == 0 ? 1 : 0.35);
        const Flow work = activity.minutes + (i == 0 ? 0.02 : 0.05) * activity.bursts +
                          (i == 0 ? 0.1 : 6) * activity.nightly;
        const std::uint64_t in = seed_of(seed_, DrawPart::kInterfaces, 2 * i);
        const std::uint64_t out = seed_of(seed_, DrawPart::kInterfaces, 2 * i + 1);
        const double received = scale * role_.received_bytes * wander(work, in, 130, 0.6).total;
        const double sent = scale * role_.transmitted_bytes * wander(work, out, 110, 0.6).total;
        writer.counter(clock, received);
        writer.counter(clock, sent);
    }
}

double Machine::disk_used_share(const Disk& disk, double clock) const noexcept {
    if (oddity_ == Oddity::kDiskFull && &disk == &disks_.back()) {
        const double days_to_end = (end_clock_ - clock) / kDay;
        return std::clamp(0.99 - 0.03 * days_to_end, disk.share_cleaned, 0.995);
    }
    // Logs of a day go when they are rotated, the rest stays until a cleanup.
    const double cleanup = sawtooth(clock, disk.cleanup_days * kDay) * disk.cleanup_days;
    return disk.share_cleaned + disk.growth_per_day * cleanup +
           0.004 * sawtooth(clock - 3 * kHour, kDay);
}

void Machine::write_disk_usage(double clock, Writer& writer) const noexcept {
    for (const Disk& disk : disks_) {
        const double used = std::floor(disk.blocks * disk_used_share(disk, clock));
        writer.gauge(used);
        writer.gauge(disk.blocks - used);
    }
}

void Machine::write_disk_io(double clock, const Activity& activity, Writer& writer) const noexcept {
    const Flow work = activity.minutes + 0.1 * activity.bursts + 5 * activity.nightly;
    const auto write_pair = [&](double operations, double sectors, DrawPart number, DrawPart size) {
        const Flow done = wander(work, seed_of(seed_, number), 120, 0.7);
        const Flow moved = wander(done, seed_of(seed_, size), 200, 0.5);
        writer.counter(clock, demand_ * operations * done.total);
        writer.counter(clock, demand_ * operations * sectors * moved.total);
    };
    write_pair(role_.disk_reads, 48, DrawPart::kReads, DrawPart::kReadSectors);
    write_pair(role_.disk_writes, 26, DrawPart::kWrites, DrawPart::kWriteSectors);
}

}  // namespace kurabe::collectors::demo
