// Names of hosts and services, looked up by the system. A static program cannot: only the whole
// program has this (docs/architecture.md, "One program, two images").
#pragma once

#include <vector>

#include "cli/rrdcached/address.hpp"
#include "cli/rrdcached/socket.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// The addresses to try, in their order. kNotFound with rrdtool's message.
// How long it takes is the system's resolver's business (resolv.conf(5)).
[[nodiscard]] Result<std::vector<rrdcached::SocketAddress>> look_up_host(
    const rrdcached::NetworkAddress& address);

}  // namespace kurabe::cli
