// Waiting for the signal that ends the server.
#pragma once

#include <string_view>

namespace kurabe::cli {

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it starts from now on, and ignores
// SIGPIPE; children of fork(2) do neither. Make it before the first thread, and once.
class StopSignal {
  public:
    StopSignal();
    // Returns the name of the signal that came.
    [[nodiscard]] std::string_view wait() const;
};

}  // namespace kurabe::cli
