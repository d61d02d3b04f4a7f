// What a command of rrdtool works with besides its arguments: one process's or one pipe's.
#pragma once

#include <chrono>
#include <string_view>

#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::cli::rrdtool {

// Where commands print. What is written may be kept back until the end of the command.
class Output {
  public:
    Output() = default;
    virtual ~Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual void write(std::string_view text) = 0;
};

// The clock, which pipes ask again for each command.
class Clock {
  public:
    Clock() = default;
    virtual ~Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    [[nodiscard]] virtual store::SampleTime now() const = 0;
    [[nodiscard]] store::Time now_seconds() const {
        return std::chrono::floor<store::Seconds>(now());
    }
};

struct Session {
    Output& out;
    const Clock& clock;
    const store::TimeZone& zone;
    // What the environment (RRD_LOCKING) says unless --locking does; see locking.hpp.
    std::string_view locking = {};
};

}  // namespace kurabe::cli::rrdtool
