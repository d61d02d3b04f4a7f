// What is remembered of a device from poll to poll, so that a reboot, a wrap and a counter that
// began anew are told apart.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "collectors/snmp/counter.hpp"
#include "collectors/snmp/plan.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::chrono::seconds kUsualHeartbeat{120};

class History {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `heartbeat` is the longest silence of the device that its series count as known.
    explicit History(std::chrono::seconds heartbeat = kUsualHeartbeat) : heartbeat_(heartbeat) {}

    // Begins a poll whose answers came at `at`; `ticks` is sysUpTime, if the device told it.
    void begin_poll(Time at, std::optional<std::uint64_t> ticks);
    // Whether the device has begun anew since the poll before, or, at the first poll, so lately
    // that an earlier run of the program may have seen it before.
    [[nodiscard]] bool has_rebooted() const noexcept { return has_rebooted_; }
    [[nodiscard]] std::chrono::duration<double> since_last_poll() const noexcept {
        return elapsed_;
    }

    // Whether the counters of a group (an interface) have begun anew by what the device says now.
    [[nodiscard]] bool began_anew(const std::string& group, std::uint64_t ticks);
    // Of a metric.
    [[nodiscard]] Counter& counter(const std::string& key) { return counters_[key]; }
    // Drops what a plan does not have.
    void forget_others(const Plan& plan);

  private:
    std::chrono::seconds heartbeat_;
    std::optional<Time> last_at_;
    std::optional<std::uint64_t> last_ticks_;
    std::chrono::duration<double> elapsed_{};
    bool has_rebooted_ = false;
    std::map<std::string, std::uint64_t> discontinuities_;
    std::map<std::string, Counter> counters_;
};

}  // namespace kurabe::collectors::snmp
