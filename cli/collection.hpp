// One way in which a server collects from other machines, on threads of its own: over SSH, by
// plugins, from agents that push. Each has a file of its own that prepares it from the
// configuration.
#pragma once

#include <string>
#include <string_view>

#include "collectors/poll_counts.hpp"

namespace kurabe::cli {

class Collection {
  public:
    // `kind` names it in the metrics of the server itself: "ssh".
    explicit Collection(std::string_view kind) : kind_(kind) {}
    virtual ~Collection() = default;  // as stop()

    // Once, when everything that it hands its reports to is there.
    virtual void start() = 0;
    // Nothing is handed in afterwards. May be called again, and without start().
    virtual void stop() = 0;

    [[nodiscard]] const std::string& kind() const noexcept { return kind_; }
    [[nodiscard]] collectors::PollCounts& counts() noexcept { return counts_; }

  private:
    std::string kind_;
    collectors::PollCounts counts_;
};

}  // namespace kurabe::cli
