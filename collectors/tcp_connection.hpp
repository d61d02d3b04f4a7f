// Opens one TCP connection to whichever address of a name answers, without waiting.
#pragma once

#include <chrono>
#include <string>

#include "collectors/descriptor.hpp"
#include "collectors/name_resolver.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

class TcpConnection {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `addresses` are tried in order, each for an equal share of the time until `deadline`.
    TcpConnection(Addresses addresses, Time deadline);

    // To be called when the descriptor is writable and at wakes_at(). True when connected; kSystem
    // when no address is left, with the last one's reason.
    [[nodiscard]] Result<bool> advance(Time now);
    // The connected socket, non-blocking.
    [[nodiscard]] Descriptor take() { return std::move(socket_); }

    [[nodiscard]] int descriptor() const noexcept { return socket_.number(); }
    [[nodiscard]] Time wakes_at() const noexcept { return share_ends_; }

  private:
    [[nodiscard]] int begin(const SocketAddress& address);

    Addresses addresses_;
    std::size_t next_ = 0;
    Time deadline_;
    Time share_ends_;
    Descriptor socket_;
};

}  // namespace kurabe::collectors
