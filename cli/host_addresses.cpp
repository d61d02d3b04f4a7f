// getaddrinfo(3).
#include "cli/host_addresses.hpp"

#include <memory>

#include <fmt/format.h>
#include <netdb.h>

namespace kurabe::cli {

Result<std::vector<rrdcached::SocketAddress>> look_up_host(
    const rrdcached::NetworkAddress& address) {
    addrinfo hints{};
    hints.ai_flags = AI_ADDRCONFIG;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* first = nullptr;
    const int error = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &first);
    if (error != 0) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("failed to resolve address '{}' (port {}): {} ({})", address.host,
                                address.port, ::gai_strerror(error), error));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
    std::vector<rrdcached::SocketAddress> found;
    for (const addrinfo* at = first; at != nullptr; at = at->ai_next) {
        found.push_back({std::string(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen)});
    }
    return found;
}

}  // namespace kurabe::cli
