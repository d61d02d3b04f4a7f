// One listening socket, of IPv4 or IPv6.
#include "server/tcp/listening_socket.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace kurabe::server::tcp {
namespace {

constexpr int kBacklog = 1024;

struct OwnAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;

    [[nodiscard]] sockaddr* system() { return reinterpret_cast<sockaddr*>(&storage); }
};

OwnAddress own_address(const ListenAddress& listen) {
    OwnAddress address;
    if (listen.address.find(':') == std::string::npos) {
        sockaddr_in ipv4{};
        ipv4.sin_family = AF_INET;
        ipv4.sin_port = htons(listen.port);
        ::inet_pton(AF_INET, listen.address.c_str(), &ipv4.sin_addr);
        std::memcpy(&address.storage, &ipv4, sizeof ipv4);
        address.size = sizeof ipv4;
    } else {
        sockaddr_in6 ipv6{};
        ipv6.sin6_family = AF_INET6;
        ipv6.sin6_port = htons(listen.port);
        ::inet_pton(AF_INET6, listen.address.c_str(), &ipv6.sin6_addr);
        std::memcpy(&address.storage, &ipv6, sizeof ipv6);
        address.size = sizeof ipv6;
    }
    return address;
}

std::unexpected<Error> failure(const ListenAddress& listen, std::string_view peers, int error) {
    const bool taken = error == EADDRINUSE;
    return fail(taken ? ErrorCode::kInUse : ErrorCode::kSystem,
                fmt::format("cannot listen on {} port {}{}{}: {}", listen.address, listen.port,
                            peers.empty() ? "" : " for ", peers,
                            taken ? "the port is in use" : std::strerror(error)));
}

}  // namespace

Result<ListeningSocket> open_listening_socket(const ListenAddress& listen, std::string_view peers) {
    OwnAddress address = own_address(listen);
    collectors::Descriptor socket(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.number() < 0) return failure(listen, peers, errno);
    const int on = 1;
    static_cast<void>(::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    if (::bind(socket.number(), address.system(), address.size) != 0 ||
        ::listen(socket.number(), kBacklog) != 0 ||
        ::getsockname(socket.number(), address.system(), &address.size) != 0) {
        return failure(listen, peers, errno);
    }
    sockaddr_in ipv4{};  // the port has the same place in both kinds
    std::memcpy(&ipv4, &address.storage, sizeof ipv4);
    return ListeningSocket{.socket = std::move(socket), .port = ntohs(ipv4.sin_port)};
}

}  // namespace kurabe::server::tcp
