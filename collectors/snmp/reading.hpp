// Makes a report of what a device answered to its plan. Pure but for the device's history.
#pragma once

#include <span>
#include <string_view>

#include "collectors/report.hpp"
#include "collectors/snmp/history.hpp"
#include "collectors/snmp/plan.hpp"
#include "collectors/snmp/value.hpp"

namespace kurabe::collectors::snmp {

struct Circumstances {
    std::string_view host;
    store::Time now;
    // Whether more polls follow, so that 32-bit counters can be followed across wraps; without,
    // they are given as they are.
    bool goes_on = true;
};

// Whether the plan is still the device's: indexes mean the same, nothing was added or taken away.
// `values` are those of the plan's instances.
[[nodiscard]] bool still_holds(const Plan& plan, std::span<const Value> values);

// sysUpTime, if the device told it.
[[nodiscard]] std::optional<std::uint64_t> uptime_ticks(const Plan& plan,
                                                        std::span<const Value> values);

// What the device did not tell is left out. The poll has begun in `history`.
[[nodiscard]] Report read(const Plan& plan, std::span<const Value> values, History& history,
                          const Circumstances& circumstances);

}  // namespace kurabe::collectors::snmp
