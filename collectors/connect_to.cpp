// Asks for addresses, then tries them.
#include "collectors/connect_to.hpp"

#include <utility>

#include <poll.h>

#include "collectors/name_resolver.hpp"
#include "collectors/tcp_connection.hpp"

namespace kurabe::collectors {
namespace {

Result<Addresses> look_up(const HostPort& peer, const Patience& patience) {
    NameResolver resolver;
    const auto lookup = resolver.look_up(peer.host, peer.port.value_or(0));
    while (true) {
        if (auto answer = NameResolver::take(*lookup)) return *std::move(answer);
        if (auto waited = patience.wait(resolver.descriptor(), POLLIN); !waited) {
            return std::unexpected(waited.error());
        }
        resolver.drain();
    }
}

}  // namespace

Result<Descriptor> connect_to(const HostPort& peer, const Patience& patience) {
    auto addresses = look_up(peer, patience);
    if (!addresses) return std::unexpected(addresses.error());
    TcpConnection connection(*std::move(addresses), patience.deadline());
    while (true) {
        const auto connected = connection.advance(Patience::Clock::now());
        if (!connected) return std::unexpected(connected.error());
        if (*connected) return connection.take();
        if (auto waited = patience.wait(connection.descriptor(), POLLOUT, connection.wakes_at());
            !waited) {
            return std::unexpected(waited.error());
        }
    }
}

}  // namespace kurabe::collectors
