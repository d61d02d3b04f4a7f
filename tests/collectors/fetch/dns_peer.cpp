// A UDP socket of the loopback.
#include "tests/collectors/fetch/dns_peer.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace kurabe::tests {

DnsPeer::DnsPeer(Behaviour behaviour)
    : behaviour_(std::move(behaviour)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.number(), system, size) != 0 ||
        ::getsockname(socket_.number(), system, &size) != 0) {
        throw std::runtime_error("cannot bind a UDP socket");
    }
    port_ = ntohs(address.sin_port);
    answering_ = std::jthread([this](const std::stop_token& stop) { answer_all(stop); });
}

DnsPeer::~DnsPeer() {
    answering_.request_stop();
    answering_.join();
}

void DnsPeer::answer_all(const std::stop_token& stop) {
    constexpr int kLookMilliseconds = 20;
    std::array<char, 4096> bytes;
    while (!stop.stop_requested()) {
        pollfd ready{.fd = socket_.number(), .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, kLookMilliseconds) <= 0) continue;
        sockaddr_in from{};
        socklen_t size = sizeof from;
        auto* const system = reinterpret_cast<sockaddr*>(&from);
        const ssize_t count =
            ::recvfrom(socket_.number(), bytes.data(), bytes.size(), 0, system, &size);
        if (count < 0) continue;
        ++questions_;
        for (const std::string& answer :
             behaviour_(std::string(bytes.data(), static_cast<std::size_t>(count)))) {
            ::sendto(socket_.number(), answer.data(), answer.size(), 0, system, size);
        }
    }
}

std::string dns_answer(std::string question, int code, bool is_cut) {
    question.at(2) = static_cast<char>(0x81 | (is_cut ? 0x02 : 0));
    question.at(3) = static_cast<char>(0x80 | code);
    return question;
}

}  // namespace kurabe::tests
