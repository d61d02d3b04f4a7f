// socket(7) with poll(2). Only connect() blocks in the kernel, with a time limit of its own.
#include "cli/rrdcached/socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/integer.hpp"

namespace kurabe::cli::rrdcached {
namespace {

using std::chrono::milliseconds;

std::unexpected<Error> system_failure(int reason) {
    return fail(ErrorCode::kSystem, std::strerror(reason));
}

// At least one: 0 would be no limit to the kernel.
milliseconds time_left(Deadline deadline) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, milliseconds{1});
}

template <typename Sockaddr>
SocketAddress bytes_of(const Sockaddr& address) {
    return {std::string(reinterpret_cast<const char*>(&address), sizeof address)};
}

// Waits for `event`; an error when it does not come.
Result<void> wait_for(int descriptor, short event, Deadline deadline) {
    for (;;) {
        const bool is_late = std::chrono::steady_clock::now() >= deadline;
        pollfd polled{.fd = descriptor, .events = event, .revents = 0};
        const int timeout =
            is_late ? 0
                    : static_cast<int>(std::min<std::int64_t>(time_left(deadline).count(),
                                                              std::numeric_limits<int>::max()));
        const int ready = ::poll(&polled, 1, timeout);
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return system_failure(errno);
        if (ready == 0 && is_late) return system_failure(ETIMEDOUT);
    }
}

// Of connect() alone; what follows waits by poll().
void limit_blocking(int descriptor, Deadline deadline) {
    const auto left = time_left(deadline).count();
    timeval limit{};
    limit.tv_sec = static_cast<time_t>(left / 1000);
    limit.tv_usec = static_cast<suseconds_t>(left % 1000 * 1000);
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool would_block(int reason) noexcept {
    return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

}  // namespace

Result<SocketAddress> socket_address(const UnixAddress& address) {
    sockaddr_un system{};
    system.sun_family = AF_UNIX;
    if (address.path.size() >= sizeof system.sun_path) {
        return fail(ErrorCode::kInvalid, std::strerror(ENAMETOOLONG));
    }
    std::ranges::copy(address.path, system.sun_path);
    return bytes_of(system);
}

std::optional<SocketAddress> socket_address(const NetworkAddress& address) {
    const auto port = store::whole_integer<std::uint16_t>(address.port);
    if (!port) return std::nullopt;
    sockaddr_in system{};
    if (::inet_pton(AF_INET, address.host.c_str(), &system.sin_addr) == 1) {
        system.sin_family = AF_INET;
        system.sin_port = htons(*port);
        return bytes_of(system);
    }
    sockaddr_in6 system6{};
    if (::inet_pton(AF_INET6, address.host.c_str(), &system6.sin6_addr) == 1) {
        system6.sin6_family = AF_INET6;
        system6.sin6_port = htons(*port);
        return bytes_of(system6);
    }
    return std::nullopt;
}

Result<Socket> Socket::connect(const SocketAddress& address, Deadline deadline) {
    sa_family_t family = AF_UNSPEC;  // every sockaddr begins with it
    std::memcpy(&family, address.bytes.data(), sizeof family);
    Socket made(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (made.descriptor_ < 0) return system_failure(errno);
    limit_blocking(made.descriptor_, deadline);
    const auto* const system = reinterpret_cast<const sockaddr*>(address.bytes.data());
    const auto size = static_cast<socklen_t>(address.bytes.size());
    if (::connect(made.descriptor_, system, size) == 0) return made;
    const int reason = errno;
    const bool is_late = reason == EINPROGRESS || would_block(reason);
    return system_failure(is_late ? ETIMEDOUT : reason);
}

Socket::~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Result<void> Socket::send(std::string_view bytes, Deadline deadline) const {
    while (!bytes.empty()) {
        if (auto ready = wait_for(descriptor_, POLLOUT, deadline); !ready) return ready;
        const ssize_t sent =
            ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && !would_block(errno)) return system_failure(errno);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Result<std::size_t> Socket::receive(std::span<char> room, Deadline deadline) const {
    for (;;) {
        if (auto ready = wait_for(descriptor_, POLLIN, deadline); !ready) {
            return std::unexpected(ready.error());
        }
        const ssize_t got = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (!would_block(errno)) return system_failure(errno);
    }
}

bool Socket::is_quiet() const noexcept {
    pollfd polled{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) == 0;
}

}  // namespace kurabe::cli::rrdcached
