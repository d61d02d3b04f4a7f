// A process of this program that serves something on a port of its own until it is killed, so that
// its CPU time is not the measured one's.
#pragma once

#include <functional>

#include <sys/types.h>

namespace kurabe::bench {

class Forked {
  public:
    using Announce = std::function<void(int port)>;

    // `serve` runs in the new process: it calls `announce` once, as soon as it can be connected to,
    // and does not return. Fork before there are threads. Stops the benchmark when it ends early.
    explicit Forked(const std::function<void(const Announce& announce)>& serve);
    ~Forked();  // kills it
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }

  private:
    pid_t process_ = -1;
    int port_ = 0;
};

}  // namespace kurabe::bench
