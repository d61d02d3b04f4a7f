// One counter of a device over time: whether it went on, wrapped, or began anew. What is kept of it
// as DERIVE grows without end.
// Rule: RFC 2578, 7.1.6 (Counter32), and RFC 2863, 3.1.5 (discontinuities).
#pragma once

#include <cstdint>
#include <optional>

namespace kurabe::collectors::snmp {

class Counter {
  public:
    struct Reading {
        std::uint64_t raw;
        bool is_64_bit;
        // The device or the counter began anew since the last reading, as the device says.
        bool is_new = false;
        // Whether a first reading of 32 bits breaks with what an earlier run of the program stored:
        // it cannot know of wraps since.
        bool breaks_with_before = true;
        // How far the counter can have come since the last reading, if that is known: two laps of
        // 32 bits, or more, break. Without it a counter that came half of its range or more has
        // begun anew.
        std::optional<double> most = {};
    };
    struct Step {
        std::uint64_t value;  // goes on from the last step's, unless `breaks`
        bool breaks;          // nothing is known of the time since the last reading
        // It breaks because 32 bits are too few for the time between the readings.
        bool may_have_lapped = false;
    };

    [[nodiscard]] Step take(const Reading& reading) noexcept;

  private:
    bool is_known_ = false;
    bool is_64_bit_ = false;
    std::uint64_t raw_ = 0;
    std::uint64_t wraps_ = 0;  // what all wraps so far add up to
};

}  // namespace kurabe::collectors::snmp
