// What an agent calls its machine: as it was told, or as its server sees it, which may not be known
// before the network is there, and may change.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Used by one thread.
class AgentName {
  public:
    using Ask = std::function<Result<std::string>()>;

    // `ask` gives the address; it is not called when there is a `given` name. `log` must outlive
    // it.
    AgentName(std::optional<std::string> given, Ask ask, server::Log& log)
        : given_(std::move(given)), ask_(std::move(ask)), log_(log) {}

    // None while it is not known, which the log has.
    [[nodiscard]] std::optional<std::string> get();
    // The server forbids the lines: it may know this machine by another address now.
    void doubt() noexcept { is_doubtful_ = true; }

  private:
    void ask();

    std::optional<std::string> given_;
    Ask ask_;
    server::Log& log_;
    std::optional<std::string> found_;
    bool is_doubtful_ = false;
    bool is_told_ = false;
};

}  // namespace kurabe::cli
