// The installed rrdcached, listening on a Unix socket and on a free TCP port of this machine.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/child_process.hpp"

namespace kurabe::tests {

class RrdcachedProcess {
  public:
    [[nodiscard]] static bool is_installed();
    // `socket` is made and must be short; names over the network are relative to `base`. Returns
    // when both listen.
    RrdcachedProcess(std::filesystem::path socket, std::filesystem::path base);

    [[nodiscard]] std::string unix_address() const { return "unix:" + socket_.string(); }
    [[nodiscard]] int port() const noexcept { return port_; }
    // Ends it, as a stop of the system would, and starts it again at the same places.
    void restart();
    void stop();

  private:
    // False when something else took the port.
    [[nodiscard]] bool start();

    std::filesystem::path socket_;
    std::filesystem::path base_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace kurabe::tests
