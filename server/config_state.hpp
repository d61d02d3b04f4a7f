// Whether the configuration in use is the one that its files hold: after a reload that failed the
// server goes on with the one before, and its pages say so.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "store/guarded.hpp"

namespace kurabe::server {

// Thread-safe.
class ConfigState {
  public:
    // Why the files cannot be followed, fit for clients; none when they are.
    [[nodiscard]] std::optional<std::string> failure() const { return *failure_.lock_shared(); }
    void set_failure(std::optional<std::string> reason) { *failure_.lock() = std::move(reason); }

  private:
    store::Guarded<std::optional<std::string>> failure_;
};

}  // namespace kurabe::server
