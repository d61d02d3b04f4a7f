// Sockets that are asked and never waited for.
#include "collectors/munin/tcp_way.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>

#include "collectors/connect_to.hpp"
#include "collectors/descriptor.hpp"

namespace kurabe::collectors::munin {
namespace {

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

bool would_wait(int error) {
    return error == EAGAIN || error == EINTR;
}

class TcpStream final : public ByteStream {
  public:
    explicit TcpStream(Descriptor socket) : socket_(std::move(socket)) {}

    Result<std::size_t> write(std::string_view bytes) override {
        const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) return static_cast<std::size_t>(sent);
        if (would_wait(errno)) return 0;
        return fail(ErrorCode::kSystem, "cannot send: " + reason_of(errno));
    }

    Result<bool> read(std::string& received) override {
        std::array<char, 16384> bytes{};
        const ssize_t got = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
        if (got == 0) return fail(ErrorCode::kSystem, "the connection was closed");
        if (got > 0) {
            received.append(bytes.data(), static_cast<std::size_t>(got));
            return true;
        }
        if (would_wait(errno)) return false;
        return fail(ErrorCode::kSystem, "cannot read: " + reason_of(errno));
    }

    int descriptor() const override { return socket_.number(); }
    short events(bool writes) const override { return writes ? POLLOUT : POLLIN; }

  private:
    Descriptor socket_;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> TcpWay::open(const Patience& patience) {
    auto socket = connect_to(peer_, patience);
    if (!socket) return std::unexpected(socket.error());
    return std::make_unique<TcpStream>(*std::move(socket));
}

}  // namespace kurabe::collectors::munin
