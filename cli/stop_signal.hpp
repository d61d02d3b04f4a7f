// Waiting for the signals that end a server, or tell it to read its configuration again.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace kurabe::cli {

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it starts from now on, and ignores
// SIGPIPE; children of fork(2) do neither. Make it before the first thread, and once.
class StopSignal {
  public:
    StopSignal();
    // Returns the name of the signal that came.
    [[nodiscard]] std::string_view wait() const;
    // The same; none when none came for so long.
    [[nodiscard]] std::optional<std::string_view> wait_for(std::chrono::seconds longest) const;
};

inline constexpr std::string_view kReloadSignal = "SIGHUP";

}  // namespace kurabe::cli
