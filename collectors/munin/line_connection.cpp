// Waits for a socket in short turns, so that a stop is noticed.
#include "collectors/munin/line_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "collectors/name_resolver.hpp"
#include "collectors/ssh/tcp_connection.hpp"

namespace kurabe::collectors::munin {
namespace {

using Clock = std::chrono::steady_clock;
using Time = LineConnection::Time;

constexpr std::chrono::milliseconds kLook{100};

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

// Until the descriptor is ready or `until` has come; an error at the deadline and when stopped.
Result<void> wait(int descriptor, short events, Time until, Time deadline,
                  const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::kSystem, "stopped");
        const Time now = Clock::now();
        if (now >= deadline) return fail(ErrorCode::kLimit, "no answer in time");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            std::min({until - now, deadline - now, Clock::duration(kLook)}));
        pollfd polled{.fd = descriptor, .events = events, .revents = 0};
        const int ready = ::poll(&polled, 1, static_cast<int>(std::max<long>(left.count(), 0)));
        if (ready > 0 || Clock::now() >= until) return {};
    }
}

Result<Addresses> look_up(const HostPort& peer, Time deadline, const std::stop_token& stop) {
    NameResolver resolver;
    const auto lookup = resolver.look_up(peer.host, peer.port.value_or(0));
    while (true) {
        if (auto answer = NameResolver::take(*lookup)) return *std::move(answer);
        if (auto waited = wait(resolver.descriptor(), POLLIN, deadline, deadline, stop); !waited) {
            return std::unexpected(waited.error());
        }
        resolver.drain();
    }
}

}  // namespace

Result<LineConnection> LineConnection::open(const HostPort& peer, Time deadline,
                                            std::stop_token stop) {
    auto addresses = look_up(peer, deadline, stop);
    if (!addresses) return std::unexpected(addresses.error());
    ssh::TcpConnection connection(*std::move(addresses), deadline);
    while (true) {
        const auto connected = connection.advance(Clock::now());
        if (!connected) return std::unexpected(connected.error());
        if (*connected) return LineConnection(connection.take(), deadline, std::move(stop));
        if (auto waited =
                wait(connection.descriptor(), POLLOUT, connection.wakes_at(), deadline, stop);
            !waited) {
            return std::unexpected(waited.error());
        }
    }
}

Result<void> LineConnection::send(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t sent = ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (auto waited = wait(socket_.number(), POLLOUT, deadline_, deadline_, stop_);
                !waited) {
                return waited;
            }
        } else if (errno != EINTR) {
            return fail(ErrorCode::kSystem, "cannot send: " + reason_of(errno));
        }
    }
    return {};
}

Result<void> LineConnection::receive() {
    std::array<char, 16384> bytes{};
    while (true) {
        if (auto waited = wait(socket_.number(), POLLIN, deadline_, deadline_, stop_); !waited) {
            return waited;
        }
        const ssize_t got = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
        if (got > 0) {
            received_.append(bytes.data(), static_cast<std::size_t>(got));
            return {};
        }
        if (got == 0) return fail(ErrorCode::kSystem, "the connection was closed");
        if (errno != EINTR && errno != EAGAIN) {
            return fail(ErrorCode::kSystem, "cannot read: " + reason_of(errno));
        }
    }
}

Result<std::string> LineConnection::line(std::size_t bytes_max) {
    std::size_t looked_at = 0;
    while (true) {
        const std::size_t end = received_.find('\n', looked_at);
        if (std::min(end, received_.size()) > bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("a line of over {} bytes", bytes_max));
        }
        if (end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        looked_at = received_.size();
        if (auto received = receive(); !received) return std::unexpected(received.error());
    }
}

// The last line is found where the text ends or in it: "\n.\n" or the text begins with ".\n".
Result<std::string> LineConnection::lines(std::size_t bytes_max) {
    std::size_t line_begin = 0;
    while (true) {
        for (std::size_t end = received_.find('\n', line_begin); end != std::string::npos;
             end = received_.find('\n', line_begin)) {
            const std::string_view line =
                std::string_view(received_).substr(line_begin, end - line_begin);
            if (line == "." || line == ".\r") {
                std::string text = received_.substr(0, line_begin);
                received_.erase(0, end + 1);
                return text;
            }
            line_begin = end + 1;
        }
        if (received_.size() > bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("an answer of over {} bytes", bytes_max));
        }
        if (auto received = receive(); !received) return std::unexpected(received.error());
    }
}

std::string LineConnection::take_whole_lines() {
    std::string lines = std::exchange(received_, {});
    const std::size_t end = lines.rfind('\n');
    lines.resize(end == std::string::npos ? 0 : end + 1);
    return lines;
}

}  // namespace kurabe::collectors::munin
