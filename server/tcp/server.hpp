// Listens for peers that push over TCP in a protocol of their own; thousands of them keep their
// connections open, so one thread and one epoll(7) serve all of them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/descriptor.hpp"
#include "server/http_server.hpp"
#include "server/log.hpp"
#include "server/now_and_then.hpp"
#include "server/tcp/connection.hpp"
#include "server/tcp/protocol.hpp"
#include "store/result.hpp"

namespace kurabe::server::tcp {

struct Settings {
    ListenAddress listen;
    std::size_t connections_max = 10'000;
    // Of begun messages and of answers that were not taken, of all connections together.
    std::size_t bytes_max = 64 << 20;
    Patience patience = {};
};

// Used by one thread. References must outlive it.
class Server {
  public:
    // kInUse when the port is taken. Peers wait until work() is called.
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(const Settings& settings,
                                                                std::unique_ptr<Protocol> protocol,
                                                                Log& log);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Serves what there is to serve, and waits for at most `wait` when there is nothing. Never
    // throws for what a peer does.
    void work(std::chrono::milliseconds wait);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

  private:
    using Number = std::uint64_t;  // of a connection, never used again

    Server(const Settings& settings, std::unique_ptr<Protocol> protocol, Log& log);
    [[nodiscard]] Result<void> open();
    void accept_waiting();
    void add(collectors::Descriptor socket, std::string sender);
    // Goes on with the connection, or ends it when `step` says so.
    using Step = bool (Server::*)(Connection& connection, std::uint32_t events);
    void serve(Number number, std::uint32_t events, Step step);
    [[nodiscard]] bool receive(Connection& connection, std::uint32_t events);
    [[nodiscard]] bool retry(Connection& connection, std::uint32_t events);
    void tell_foreign(const Connection& connection);
    void tell_unstored(const Connection& connection);
    void watch(Number number, Connection& connection);
    void close(Number number);
    void end_overdue();
    void retry_waiting();
    void listen_again();

    const Settings settings_;
    std::unique_ptr<Protocol> protocol_;
    Log& log_;
    collectors::Descriptor epoll_;
    collectors::Descriptor listener_;
    std::uint16_t port_ = 0;
    bool is_listening_ = false;  // not while there are too many open files
    bool told_of_files_ = false;
    Number last_ = 0;
    std::unordered_map<Number, Connection> connections_;
    std::size_t bytes_ = 0;       // of all connections
    std::deque<Number> waiting_;  // those that are not read, because the store takes nothing
    Clock::time_point looked_;
    std::vector<char> buffer_;
    NowAndThen foreign_told_;
};

}  // namespace kurabe::server::tcp
