// A connection of bytes to a Unix socket or over TCP: the one wrapper of the system's sockets.
// Everything that waits ends at a deadline.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/rrdcached/address.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

using Deadline = std::chrono::steady_clock::time_point;

// An address as the system wants it: the bytes of a sockaddr of its family.
struct SocketAddress {
    std::string bytes;
};

// kInvalid for a path that is too long.
[[nodiscard]] Result<SocketAddress> socket_address(const UnixAddress& address);
// Nothing when host or port are not numbers: names are looked up elsewhere, see LookUp in
// daemon.hpp.
[[nodiscard]] std::optional<SocketAddress> socket_address(const NetworkAddress& address);

class Socket {
  public:
    // Messages are the system's reasons alone.
    [[nodiscard]] static Result<Socket> connect(const SocketAddress& address, Deadline deadline);
    ~Socket();
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    // All of it. Never a signal when the other side is gone.
    [[nodiscard]] Result<void> send(std::string_view bytes, Deadline deadline) const;
    // Waits for some; 0 bytes when the other side has closed.
    [[nodiscard]] Result<std::size_t> receive(std::span<char> room, Deadline deadline) const;
    // Whether the connection stands and nothing has arrived that nobody has asked for.
    [[nodiscard]] bool is_quiet() const noexcept;

  private:
    explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace kurabe::cli::rrdcached
