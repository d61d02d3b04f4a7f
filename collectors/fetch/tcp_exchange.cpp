// Sockets that do not block.
#include "collectors/fetch/tcp_exchange.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "collectors/fetch/answer.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr int kReadsAtOnce = 8;  // then others have their turn

bool would_block(int error) noexcept {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

std::unexpected<Error> broken(std::string_view doing, int error) {
    return fail(ErrorCode::kSystem,
                fmt::format("cannot {}: {}", doing, std::generic_category().message(error)));
}

}  // namespace

TcpExchange::TcpExchange(Addresses addresses, std::string request, Take take, Time deadline)
    : connection_(std::move(addresses), deadline),
      request_(std::move(request)),
      take_(std::move(take)) {}

Result<bool> TcpExchange::advance(Time now) {
    if (!is_connected_) {
        const auto connected = connection_.advance(now);
        if (!connected) return std::unexpected(connected.error());
        if (!*connected) return false;
        is_connected_ = true;
        socket_ = connection_.take();
    }
    if (auto said = send(); !said) return std::unexpected(said.error());
    return receive();
}

Result<void> TcpExchange::send() {
    while (sent_ < request_.size()) {
        const ssize_t count = ::send(socket_.number(), request_.data() + sent_,
                                     request_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0 && would_block(errno)) return {};
        if (count < 0) return broken("send", errno);
        sent_ += static_cast<std::size_t>(count);
    }
    return {};
}

Result<bool> TcpExchange::receive() {
    std::array<char, 16 << 10> bytes;
    for (int reads = 0; reads < kReadsAtOnce; ++reads) {
        const ssize_t count = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
        if (count < 0 && would_block(errno)) return false;
        if (count < 0) return broken("read the answer", errno);
        received_ += static_cast<std::size_t>(count);
        if (received_ > kAnswerBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the answer has over {} bytes", kAnswerBytesMax));
        }
        const auto whole = take_({bytes.data(), static_cast<std::size_t>(count)}, count == 0);
        if (!whole || *whole) return whole;
        if (count == 0) {
            return fail(ErrorCode::kSystem, "the connection ended before the answer did");
        }
    }
    return false;
}

int TcpExchange::descriptor() const noexcept {
    return is_connected_ ? socket_.number() : connection_.descriptor();
}

short TcpExchange::events() const noexcept {
    if (!is_connected_) return POLLOUT;
    return sent_ < request_.size() ? POLLIN | POLLOUT : POLLIN;
}

TcpExchange::Time TcpExchange::wakes_at() const noexcept {
    return is_connected_ ? Time::max() : connection_.wakes_at();
}

}  // namespace kurabe::collectors::fetch
