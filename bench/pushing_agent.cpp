// A blocking socket.
#include "bench/pushing_agent.hpp"

#include <array>
#include <cstdint>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "bench/measuring.hpp"

namespace kurabe::bench {

std::string push_of(std::string_view lines) {
    return fmt::format("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n${}\r\n{}\r\n", lines.size(),
                       lines);
}

PushingAgent::PushingAgent(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const system = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket_.number(), system, sizeof address) != 0) stop("cannot connect");
    const int on = 1;
    ::setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void PushingAgent::send(std::string_view bytes) const {
    if (::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
        stop("cannot send");
    }
}

void PushingAgent::expect_taken() const {
    std::array<char, 512> reply{};
    if (::recv(socket_.number(), reply.data(), reply.size() - 1, 0) < 4 || reply[0] != ':') {
        stop("not taken: " + std::string(reply.data()));
    }
}

}  // namespace kurabe::bench
