// Watches many devices by SNMP on one thread: one epoll(7) for all sockets, which stay open between
// polls. A device that is dead, slow, silent or lying costs its own poll and harms no other.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "collectors/descriptor.hpp"
#include "collectors/poll_counts.hpp"
#include "collectors/snmp/library.hpp"
#include "collectors/snmp/watched_device.hpp"

namespace kurabe::collectors::snmp {

// Devices that are asked at once; others wait for their turn.
inline constexpr std::size_t kUnderWayMax = 1000;

class Poller {
  public:
    // Told what each poll came to, from within work(). The error's message is one line that does
    // not name the host, and holds no secret.
    using OnOutcome = std::function<void(const Target& target, const Result<Report>& outcome)>;

    // kInvalid for passphrases that are too short. Nothing of the library is used before begin(),
    // nor after an end that nothing was begun before; in between one poller at a time may be used.
    // `now` gives the times of samples; `seed` that of the back-off's jitter.
    [[nodiscard]] static Result<std::unique_ptr<Poller>> create(Settings settings,
                                                                std::function<store::Time()> now,
                                                                OnOutcome on_outcome,
                                                                std::uint64_t seed);

    // Polls that end are counted there from now on; it outlives the poller.
    void count_in(PollCounts& counts) noexcept { counts_ = &counts; }
    // kNotFound when no credential fits.
    [[nodiscard]] Result<void> add(Target target);
    [[nodiscard]] std::size_t size() const noexcept { return devices_.size(); }
    // Begins a poll of every device of which none is under way.
    void begin() { (void)begin(0, size()); }
    // Of those that were added as number `first` to `end` - 1; says how many.
    std::size_t begin(std::size_t first, std::size_t end);
    // Waits for at most `longest`, less when something comes, and goes on with what came.
    void work(std::chrono::milliseconds longest);
    // How many polls are under way or wait for their turn.
    [[nodiscard]] std::size_t busy() const noexcept { return busy_; }

  private:
    using Clock = std::chrono::steady_clock;

    Poller(Settings settings, std::function<store::Time()> now, OnOutcome on_outcome,
           std::uint64_t seed, Descriptor events);

    void make_keys();
    void advance(std::size_t index, WatchedDevice::Event event);
    void watch(std::size_t index);
    void give_turns();
    void advance_due();
    void advance_looking_up();
    [[nodiscard]] std::chrono::milliseconds until_due(std::chrono::milliseconds longest) const;

    Settings settings_;
    Library library_;
    std::vector<Result<MasterKeys>> keys_;  // of each credential; of passphrases when one begins
    bool has_keys_ = false;
    NameResolver names_;
    std::function<store::Time()> now_;
    OnOutcome on_outcome_;
    PollCounts* counts_ = nullptr;
    std::mt19937_64 random_;
    std::vector<std::unique_ptr<WatchedDevice>> devices_;
    std::vector<std::uint64_t> watched_sockets_;  // of each device, by its number
    std::vector<Clock::time_point> begun_;        // the last poll of each
    std::deque<std::size_t> waiting_;             // for their turn
    std::vector<std::size_t> under_way_;
    std::size_t busy_ = 0;
    Descriptor events_;  // of epoll(7); data is a device's index, or that of the resolver
};

}  // namespace kurabe::collectors::snmp
