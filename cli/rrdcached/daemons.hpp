// The daemon that a process asks, kept from one command of a pipe to the next.
#pragma once

#include <optional>

#include "cli/rrdcached/daemon.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

class Daemons {
  public:
    explicit Daemons(const Patience& patience = {}) : patience_(patience) {}

    // Connects unless the last one asked is the same and still there. Valid until the next call.
    [[nodiscard]] Result<Daemon*> at(const Place& place, const LookUp& look_up);

  private:
    Patience patience_;
    std::optional<Daemon> last_;
};

}  // namespace kurabe::cli::rrdcached
