// One way in which a server collects from other machines, on threads of its own: over SSH, by
// plugins, from agents that push. Each has a file of its own that prepares it from the
// configuration.
#pragma once

#include <string>

#include "collectors/poll_counts.hpp"

namespace kurabe::cli {

// What one that polls counts, for the graphs of the server itself.
struct Polls {
    std::string kind;  // "ssh"
    collectors::PollCounts counts = {};
};

class Collection {
  public:
    virtual ~Collection() = default;  // as stop()

    // Once, when everything that it hands its reports to is there.
    virtual void start() = 0;
    // Begins nothing more; what is under way goes on and is handed in.
    virtual void wind_down() = 0;
    // Whether all of that has ended; after wind_down().
    [[nodiscard]] virtual bool is_idle() const = 0;
    // Nothing is handed in afterwards. May be called again, and without start().
    virtual void stop() = 0;

    // Null for one that is pushed to.
    [[nodiscard]] virtual Polls* polls() noexcept { return nullptr; }
};

}  // namespace kurabe::cli
