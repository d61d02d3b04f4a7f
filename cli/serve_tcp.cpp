// The threads of the peers' connections.
#include "cli/serve_tcp.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/open_files.hpp"

namespace kurabe::cli {

namespace {

constexpr std::chrono::milliseconds kWait{200};

}  // namespace

std::size_t tcp_connections_max() {
    return std::min(server::tcp::Settings{}.connections_max, open_files_max() / 4);
}

TcpListener::TcpListener(std::unique_ptr<server::tcp::Server> server, Port port, server::Log& log)
    : server_(std::move(server)), port_(std::move(port)), log_(log) {}

Result<std::unique_ptr<TcpListener>> TcpListener::prepare(
    const std::string& listen, std::string name, std::unique_ptr<server::tcp::Protocol> protocol,
    const server::tcp::Patience& patience, server::Log& log) {
    auto address = server::parse_listen_address(listen);
    if (!address) return std::unexpected(address.error());
    Port port{.name = std::move(name), .address = {}, .peers = std::string(protocol->peers())};
    auto server = server::tcp::Server::listen(
        {.listen = *address, .connections_max = tcp_connections_max(), .patience = patience},
        std::move(protocol), log);
    if (!server) return std::unexpected(server.error());
    const bool is_ipv6 = address->address.find(':') != std::string::npos;
    port.address = (is_ipv6 ? "[" + address->address + "]" : address->address) + ":" +
                   std::to_string((*server)->port());
    return std::unique_ptr<TcpListener>(new TcpListener(*std::move(server), std::move(port), log));
}

TcpListener::~TcpListener() {
    stop();
}

void TcpListener::start() {
    log_.info("listening for " + port_.peers, {{port_.name, port_.address}});
    thread_.start(log_, [this](const std::stop_token&) { server_->work(kWait); });
}

void TcpListener::stop() {
    thread_.stop();
}

}  // namespace kurabe::cli
