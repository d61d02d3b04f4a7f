// One thread that goes through the agents in the order of their moments.
#include "bench/held_agents.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/held_peers.hpp"
#include "bench/measuring.hpp"

namespace kurabe::bench {
namespace {

using Clock = std::chrono::system_clock;
constexpr std::chrono::minutes kRound{1};
constexpr int kSpreadPercent = 80;  // of a round

int connect_to(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        stop("cannot connect to --resp");
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

std::string message(std::size_t agent, std::size_t lines, std::int64_t epoch) {
    const std::string host = address_of(Block::kMachines, agent);
    std::string text = fmt::format("{}\tapp.metrics.users.gauge\t0.42\t{}\n", host, epoch);
    for (std::size_t i = 1; i < lines; ++i) {
        text += fmt::format("{}\tapp.metrics.requests-{}.derive\t{}\t{}\n", host, i,
                            epoch * static_cast<std::int64_t>(i), epoch);
    }
    return fmt::format("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n${}\r\n{}\r\n", text.size(),
                       text);
}

void push_one(int socket, const std::string& bytes) {
    std::array<char, 512> reply{};
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size()) ||
        ::recv(socket, reply.data(), reply.size() - 1, 0) < 4 || reply[0] != ':') {
        stop("a push is not taken: " + std::string(reply.data()));
    }
}

}  // namespace

HeldAgents::HeldAgents(int port, std::size_t agents, std::size_t lines)
    : thread_([=, this](const std::stop_token& stop) { push(stop, port, agents, lines); }) {}

void HeldAgents::push(const std::stop_token& stop, int port, std::size_t agents,
                      std::size_t lines) {
    std::vector<int> sockets;
    for (std::size_t i = 0; i < agents; ++i) sockets.push_back(connect_to(port));
    while (!stop.stop_requested()) {
        const auto round = std::chrono::floor<std::chrono::minutes>(Clock::now()) + kRound;
        for (std::size_t i = 0; i < agents && !stop.stop_requested(); ++i) {
            const auto share = kRound * kSpreadPercent / 100.0 * static_cast<double>(i) /
                               static_cast<double>(agents);
            const Clock::time_point moment =
                round + std::chrono::duration_cast<Clock::duration>(share);
            while (Clock::now() < moment && !stop.stop_requested()) {
                std::this_thread::sleep_for(std::min<Clock::duration>(
                    moment - Clock::now(), std::chrono::milliseconds{500}));
            }
            push_one(sockets[i], message(i, lines, Clock::to_time_t(moment)));
            const auto waited =
                std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - moment);
            if (waited > longest_.load()) longest_ = waited;
        }
    }
    for (const int socket : sockets) ::close(socket);
}

}  // namespace kurabe::bench
