// The command line's files stand in place of the configuration's.
#include "cli/serve_reach.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/graphite/protocol.hpp"
#include "server/resp/protocol.hpp"
#include "server/tcp/listening_socket.hpp"

namespace kurabe::cli {
namespace {

using Sockets = std::vector<server::tcp::ListeningSocket>;

Result<void> hold(const std::string& text, std::string_view peers, Sockets& held) {
    const auto address = server::parse_listen_address(text);
    if (!address) return std::unexpected(address.error());
    auto socket = server::tcp::open_listening_socket(*address, peers);
    if (!socket) return std::unexpected(socket.error());
    held.push_back(*std::move(socket));
    return {};
}

}  // namespace

Result<void> check_ports(const ServeCommand& command, bool only_draws) {
    Sockets held;  // all of them, so that no two options name one port
    auto checked = hold(command.listen, "", held);
    if (only_draws) return checked;
    if (checked && command.resp) checked = hold(*command.resp, server::resp::kPeers, held);
    if (checked && command.graphite)
        checked = hold(*command.graphite, server::graphite::kPeers, held);
    return checked;
}

Result<std::shared_ptr<const server::TlsIdentity>> load_identity(
    const ServeCore& core, const server::ServingConfig& serving) {
    const ServeCommand& command = core.command;
    auto files = serving.tls;
    if (command.tls_certificate && command.tls_key) {
        files = {.certificate = *command.tls_certificate, .key = *command.tls_key};
    }
    if (!files) return nullptr;
    return server::TlsIdentity::load(*files, core.environment.credentials);
}

Result<void> keep_access_log(ServeCore& core, const server::ServingConfig& serving) {
    return core.access_log.follow(core.command.access_log ? core.command.access_log
                                                          : serving.access_log);
}

}  // namespace kurabe::cli
