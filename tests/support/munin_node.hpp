// The installed munin-node on a free port of this machine, with a configuration and plugins of its
// own. Its users are this process': without privileges, most systems let no munin-node start.
#pragma once

#include <memory>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class MuninNode {
  public:
    [[nodiscard]] static bool can_run();
    // Nothing listens before start().
    MuninNode();

    // A program that munin-node runs as plugin `name`: the body of a script of sh.
    void add_plugin(const std::string& name, const std::string& script) const;
    // Returns when it listens.
    void start();
    [[nodiscard]] int port() const noexcept { return port_; }

  private:
    TemporaryDirectory directory_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace kurabe::tests
