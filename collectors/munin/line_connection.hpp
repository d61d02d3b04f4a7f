// A TCP connection of lines, for a thread that may wait: each call ends at the deadline, and soon
// after `stop` is requested. What the peer sends is held to limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "collectors/host_port.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

class LineConnection {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `peer` has a port. kSystem with the reason, kLimit at the deadline.
    [[nodiscard]] static Result<LineConnection> open(const HostPort& peer, Time deadline,
                                                     std::stop_token stop);

    // With a line end behind it.
    [[nodiscard]] Result<void> send(std::string line);
    // The next line without its end ("\n" or "\r\n"); kLimit for a longer one.
    [[nodiscard]] Result<std::string> line(std::size_t bytes_max);
    // All lines before ".", each with its end.
    [[nodiscard]] Result<std::string> lines(std::size_t bytes_max);
    // After an error of lines(): the whole lines that came. The connection is of no more use.
    [[nodiscard]] std::string take_whole_lines();

  private:
    LineConnection(Descriptor socket, Time deadline, std::stop_token stop)
        : socket_(std::move(socket)), deadline_(deadline), stop_(std::move(stop)) {}

    // Adds what comes next to received_.
    [[nodiscard]] Result<void> receive();

    Descriptor socket_;
    Time deadline_;
    std::stop_token stop_;
    std::string received_;  // and not taken yet
};

}  // namespace kurabe::collectors::munin
