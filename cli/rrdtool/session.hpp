// What a command of rrdtool works with besides its arguments: one process's or one pipe's.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "cli/rrdcached/daemons.hpp"
#include "cli/rrdtool/invocation.hpp"
#include "cli/rrdtool/whole_program.hpp"
#include "store/result.hpp"
#include "store/rrd/open_archives.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::cli::rrdtool {

// Where commands print. What is written may be kept back until flush().
class Output {
  public:
    Output() = default;
    virtual ~Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual void write(std::string_view text) = 0;
    // kNoSpace or kSystem when anything written so far did not arrive.
    [[nodiscard]] virtual Result<void> flush() = 0;
};

inline constexpr std::size_t kLineBytesMax = std::size_t{16} << 20;

// Where commands read what comes after their line: standard input, which a pipe shares with its
// commands.
class Input {
  public:
    Input() = default;
    virtual ~Input() = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    // The next line with its end, in parts when it is longer than kLineBytesMax; empty at the end.
    // Valid until the next call.
    [[nodiscard]] virtual std::string_view read_line() = 0;
    // Whether read_line() would return without waiting for more.
    [[nodiscard]] virtual bool has_line() const noexcept { return false; }
    // The last line and what has been read ahead of it; valid as the line is.
    [[nodiscard]] virtual std::string_view from_last_line() const noexcept { return {}; }
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
    Input& in;
    const Clock& clock;
    const store::TimeZone& zone;
    store::rrd::OpenArchives& archives;
    WholeProgram& whole;
    rrdcached::Daemons& daemons;
    CalledAs called_as = CalledAs::kRrdtool;
    std::string_view daemon_address = {};                    // RRDCACHED_ADDRESS
    std::optional<std::string_view> daemon_strip_path = {};  // RRDCACHED_STRIPPATH
    std::string_view locking = {};                           // RRD_LOCKING; see locking.hpp
    std::string_view default_font = {};                      // RRD_DEFAULT_FONT
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    bool in_pipe = false;
};

}  // namespace kurabe::cli::rrdtool
