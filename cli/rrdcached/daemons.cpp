// One connection: commands that go from daemon to daemon are rare.
#include "cli/rrdcached/daemons.hpp"

#include <utility>

namespace kurabe::cli::rrdcached {

Result<Daemon*> Daemons::at(const Place& place, const LookUp& look_up) {
    if (last_ && last_->place() == place && last_->is_usable()) return &*last_;
    last_.reset();
    auto connected = Daemon::connect(place, look_up, patience_);
    if (!connected) return std::unexpected(connected.error());
    return &last_.emplace(std::move(*connected));
}

}  // namespace kurabe::cli::rrdcached
