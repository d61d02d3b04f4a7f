// Whether the configuration in use is the one that its files hold: after a reload that failed the
// server goes on with the one before, and its pages say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "store/guarded.hpp"

namespace kurabe::server {

// Thread-safe.
class ConfigState {
  public:
    // Why the files cannot be followed, fit for clients; none when they are.
    [[nodiscard]] std::optional<std::string> failure() const {
        return state_.lock_shared()->failure;
    }
    // After each reload: why it failed, or none.
    void set_failure(std::optional<std::string> reason) {
        const auto state = state_.lock();
        ++(reason ? state->reloads.failed : state->reloads.succeeded);
        state->failure = std::move(reason);
    }

    struct Reloads {
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;
    };
    [[nodiscard]] Reloads reloads() const { return state_.lock_shared()->reloads; }

  private:
    struct State {
        std::optional<std::string> failure = {};
        Reloads reloads = {};
    };
    store::Guarded<State> state_;
};

}  // namespace kurabe::server
