// One thread that accepts and, for each connection in turn, sends as much as is taken.
#include "tests/support/ssh_peer.hpp"

#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

constexpr int kLookMilliseconds = 20;
constexpr int kBacklog = 1000;

void send_some(int socket, std::string_view text) {
    (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

SshPeer::SshPeer(Kind kind, std::uint64_t seed) : kind_(kind), seed_(seed) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, system, size) != 0 || ::listen(listener_, kBacklog) != 0 ||
        ::getsockname(listener_, system, &size) != 0) {
        throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

SshPeer::~SshPeer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void SshPeer::serve() {
    std::vector<int> sockets;
    while (!stopping_) {
        pollfd readable{.fd = listener_, .events = POLLIN, .revents = 0};
        (void)::poll(&readable, 1, kLookMilliseconds);
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) {
            ++accepted_;
            if (kind_ == Kind::kStalls) send_some(socket, "SSH-2.0-Stalls\r\n");
            if (kind_ == Kind::kHangsUp) {
                ::close(socket);
            } else {
                sockets.push_back(socket);
            }
        }
        for (const int open : sockets) speak(open);
    }
    for (const int open : sockets) ::close(open);
}

void SshPeer::speak(int socket) {
    std::string text;
    if (kind_ == Kind::kChatter) {
        for (int i = 0; i < 100; ++i) text += "you are number " + std::to_string(i) + "\r\n";
    }
    if (kind_ == Kind::kGarbage) {
        std::mt19937_64 random(seed_++);
        for (int i = 0; i < 4096; ++i) text += static_cast<char>(random());
    }
    if (!text.empty()) send_some(socket, text);
}

}  // namespace kurabe::tests
