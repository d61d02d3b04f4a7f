// What invented hosts are for: their services and the work that a host of each label has.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace kurabe::collectors::demo {

// Figures are means of one host; see Machine for how they vary by host and time.
struct Role {
    std::string_view service;
    std::string_view label;
    std::string_view hostname;  // a number follows
    std::string_view comments;  // of the label's first host
    double share;               // of the fleet

    double peak_hour;     // of the day in Japan
    double daily_depth;   // swing of the day, at most kDailyDepthMax
    double weekend_drop;  // at most kWeekendDropMax
    double nightly_hour;  // when the nightly job starts
    double nightly_busy;  // share of the processors it takes

    unsigned cores;
    double busy;  // share of the processors, at most kBusyMax
    double memory_gibibytes;
    double memory_used;     // share that programs hold
    double received_bytes;  // per second
    double transmitted_bytes;
    double disk_reads;  // per second
    double disk_writes;
    double connections;

    bool second_interface;
    std::string_view data_device;  // besides sda1 on /; empty: none
    std::string_view data_mount;
};

// The bounds keep the sum of all work below what the processors have, so that idle time, which is
// what remains, grows too.
inline constexpr double kDailyDepthMax = 0.45;
inline constexpr double kWeekendDropMax = 0.25;
inline constexpr double kBusyMax = 0.13;

// All roles; those of a service follow one another.
[[nodiscard]] std::span<const Role> roles() noexcept;

// The role of a host of a fleet: in the order of roles(), as many of each as its share says.
// Large fleets have hosts of every role, a fleet of one has the first.
[[nodiscard]] const Role& role_of(std::size_t host, std::size_t hosts) noexcept;

}  // namespace kurabe::collectors::demo
