// Sockets of the loopback.
#include "tests/collectors/fetch/peer.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace kurabe::tests {
namespace {

constexpr int kLookMilliseconds = 20;

// True when the socket is ready; false at the end of the test.
bool wait_for(int socket, short events, const std::stop_token& stop) {
    pollfd descriptor{.fd = socket, .events = events, .revents = 0};
    while (!stop.stop_requested()) {
        if (::poll(&descriptor, 1, kLookMilliseconds) > 0) return true;
    }
    return false;
}

}  // namespace

std::string PeerConnection::read_until(std::string_view end) const {
    std::string text;
    std::array<char, 4096> bytes;
    while (!text.contains(end) && wait_for(socket_, POLLIN, stop_)) {
        const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (count <= 0) break;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
}

bool PeerConnection::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        if (!wait_for(socket_, POLLOUT, stop_)) return false;
        const ssize_t count =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN) return false;
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void PeerConnection::stay_silent() const {
    std::array<char, 4096> bytes;
    while (wait_for(socket_, POLLIN, stop_)) {
        if (::recv(socket_, bytes.data(), bytes.size(), 0) <= 0) return;
    }
}

Peer::Peer(Behaviour behaviour)
    : behaviour_(std::move(behaviour)),
      listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_.number(), system, size) != 0 || ::listen(listening_.number(), 128) != 0 ||
        ::getsockname(listening_.number(), system, &size) != 0) {
        throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

Peer::~Peer() {
    accepting_.request_stop();
    accepting_.join();
    for (std::jthread& thread : served_) thread.request_stop();
}

void Peer::accept_all(const std::stop_token& stop) {
    while (wait_for(listening_.number(), POLLIN, stop)) {
        const int socket = ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        ++connections_;
        const std::lock_guard lock(mutex_);
        served_.emplace_back([this, socket](const std::stop_token& ends) {
            const collectors::Descriptor owner(socket);
            behaviour_(PeerConnection(socket, ends));
        });
    }
}

Peer::Behaviour answering(std::string bytes) {
    return [bytes = std::move(bytes)](const PeerConnection& connection) {
        (void)connection.read_until("\r\n\r\n");
        connection.write(bytes);
    };
}

std::string http_answer(std::string_view body, std::string_view status, std::string_view headers) {
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                       headers, body);
}

}  // namespace kurabe::tests
