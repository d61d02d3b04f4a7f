// Opens one TCP connection to whichever address of a name answers.
#include "collectors/tcp_connection.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

namespace kurabe::collectors {
namespace {

// 0 when connected, EINPROGRESS while not, or why not.
int outcome(int socket) {
    pollfd writable{.fd = socket, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, 0) == 0) return EINPROGRESS;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

}  // namespace

TcpConnection::TcpConnection(Addresses addresses, Time deadline)
    : addresses_(std::move(addresses)), deadline_(deadline) {}

int TcpConnection::begin(const SocketAddress& address) {
    socket_ = Descriptor(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket_.number() < 0) return errno;
    const int on = 1;  // small packets of one command; answers must not wait for them
    (void)::setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto* const system = reinterpret_cast<const sockaddr*>(&address.storage);
    return ::connect(socket_.number(), system, address.size) == 0 ? 0 : errno;
}

Result<bool> TcpConnection::advance(Time now) {
    int error = socket_.number() < 0 ? EADDRNOTAVAIL : outcome(socket_.number());
    if (error == EINPROGRESS && now >= share_ends_) error = ETIMEDOUT;
    while (error != 0 && error != EINPROGRESS && next_ < addresses_.size()) {
        const auto left = static_cast<std::int64_t>(addresses_.size() - next_);
        share_ends_ = now + (deadline_ - now) / left;
        error = begin(addresses_[next_++]);
    }
    if (error == 0) return true;
    if (error == EINPROGRESS) return false;
    return fail(ErrorCode::kSystem,
                fmt::format("cannot connect: {}", std::generic_category().message(error)));
}

}  // namespace kurabe::collectors
