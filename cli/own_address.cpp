// A socket for datagrams that is connected and not used: the system chooses its address.
#include "cli/own_address.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"

namespace kurabe::cli {

namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

constexpr const char* kAnyPort = "9";  // of a service that is never spoken to

// Empty when there is no way to `address`.
std::string address_toward(const addrinfo& address) {
    const collectors::Descriptor socket(
        ::socket(address.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    auto* const system = reinterpret_cast<sockaddr*>(&own);
    if (socket.number() < 0 ||
        ::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0 ||
        ::getsockname(socket.number(), system, &size) != 0) {
        return {};
    }
    std::array<char, NI_MAXHOST> text{};
    const int failed =
        ::getnameinfo(system, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    return failed != 0 ? std::string() : std::string(text.data());
}

}  // namespace

Result<std::string> own_address_toward(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), kAnyPort, &wanted, &found);
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    if (failed != 0) {
        return fail(ErrorCode::kSystem, fmt::format("{}: {}", host, ::gai_strerror(failed)));
    }
    for (const addrinfo* address = list.get(); address != nullptr; address = address->ai_next) {
        if (std::string own = address_toward(*address); !own.empty()) return own;
    }
    return fail(ErrorCode::kSystem,
                fmt::format("{}: {}; name this host with --host", host, std::strerror(errno)));
}

std::string own_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

}  // namespace kurabe::cli
