// Peers that push over TCP: Kurado's agents in Redis' protocol, Graphite's clients in plaintext;
// each protocol on a port and a thread of its own,
// which last as long as the server, because peers keep their connections.
#pragma once

#include <memory>
#include <string>

#include "cli/lasting_thread.hpp"
#include "server/log.hpp"
#include "server/tcp/protocol.hpp"
#include "server/tcp/server.hpp"

namespace kurabe::cli {

// How many peers may be connected to one port; a quarter of the files that this process may open,
// at most.
[[nodiscard]] std::size_t tcp_connections_max();

class TcpListener {
  public:
    // `listen` is "ADDR:PORT", `name` that of the port in the log: "resp". An error when it cannot
    // be listened on. The log must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<TcpListener>> prepare(
        const std::string& listen, std::string name,
        std::unique_ptr<server::tcp::Protocol> protocol, const server::tcp::Patience& patience,
        server::Log& log);
    ~TcpListener();  // as stop()
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;

    // Once. Peers wait until then.
    void start();
    // Within a quarter of a second. What was not answered by then was not taken. May be called
    // again, and without start().
    void stop();

  private:
    struct Port {
        std::string name;
        std::string address;
        std::string peers;
    };
    TcpListener(std::unique_ptr<server::tcp::Server> server, Port port, server::Log& log);

    std::unique_ptr<server::tcp::Server> server_;
    Port port_;
    server::Log& log_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
