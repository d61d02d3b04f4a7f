// The thread of the agents' connections.
#include "cli/serve_resp.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/open_files.hpp"

namespace kurabe::cli {

namespace {

constexpr std::chrono::milliseconds kWait{200};

}  // namespace

std::size_t resp_connections_max() {
    return std::min(server::resp::Settings{}.connections_max, open_files_max() / 4);
}

RespListener::RespListener(std::unique_ptr<server::resp::Server> server, std::string address,
                           server::Log& log)
    : server_(std::move(server)), address_(std::move(address)), log_(log) {}

Result<std::unique_ptr<RespListener>> RespListener::prepare(const std::string& listen,
                                                            server::CurrentIntake intake,
                                                            server::Log& log) {
    auto address = server::parse_listen_address(listen);
    if (!address) return std::unexpected(address.error());
    auto server = server::resp::Server::listen(
        {.listen = *address, .connections_max = resp_connections_max()}, std::move(intake), log);
    if (!server) return std::unexpected(server.error());
    const bool is_ipv6 = address->address.find(':') != std::string::npos;
    const std::string shown = (is_ipv6 ? "[" + address->address + "]" : address->address) + ":" +
                              std::to_string((*server)->port());
    return std::unique_ptr<RespListener>(new RespListener(*std::move(server), shown, log));
}

RespListener::~RespListener() {
    stop();
}

void RespListener::start() {
    log_.info("listening for agents", {{"resp", address_}});
    thread_.start(log_, [this](const std::stop_token&) { server_->work(kWait); });
}

void RespListener::stop() {
    thread_.stop();
}

}  // namespace kurabe::cli
