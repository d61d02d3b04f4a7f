// A thread that does the same work again and again: a collection's polls, or its connections.
#pragma once

#include <functional>
#include <thread>

#include "server/log.hpp"

namespace kurabe::cli {

class LastingThread {
  public:
    using Work = std::function<void(const std::stop_token& stop)>;

    // `work` returns soon after the stop token is set and is called again when it returned before.
    // An exception of it, want of memory mostly, is logged and must not end the server.
    void start(server::Log& log, Work work);
    // Waits for its end. May be called again, and without start().
    void stop();

  private:
    std::jthread thread_;
};

}  // namespace kurabe::cli
