// Ports of this machine's loopback addresses.
#include "tests/support/loopback.hpp"

#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

sockaddr_in socket_address(int port, const std::string& address) {
    sockaddr_in socket{};
    socket.sin_family = AF_INET;
    socket.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.c_str(), &socket.sin_addr);
    return socket;
}

}  // namespace

int free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = socket_address(0, "127.0.0.1");
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    const bool is_bound =
        ::bind(descriptor, system, size) == 0 && ::getsockname(descriptor, system, &size) == 0;
    ::close(descriptor);
    if (!is_bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

ReservedPort::ReservedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    sockaddr_in address = socket_address(0, "127.0.0.1");
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket_, system, size) != 0 || ::getsockname(socket_, system, &size) != 0) {
        ::close(socket_);
        throw std::runtime_error("no free port");
    }
    number_ = ntohs(address.sin_port);
}

ReservedPort::~ReservedPort() {
    ::close(socket_);
}

bool listens(int port, const std::string& address) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in socket = socket_address(port, address);
    const bool answers =
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&socket), sizeof socket) == 0;
    ::close(descriptor);
    return answers;
}

}  // namespace kurabe::tests
