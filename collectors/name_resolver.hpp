// Looks names of hosts up without making the asking thread wait: getaddrinfo(3) blocks for as long
// as a dead name server lets it, so a few threads of this ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kResolverThreadsMax = 16;
inline constexpr std::size_t kAddressesMax = 8;  // of one name; the resolver's first ones

struct SocketAddress {
    sockaddr_storage storage;
    socklen_t size;
};

using Addresses = std::vector<SocketAddress>;

class NameResolver {
  public:
    // One name on its way.
    class Lookup;
    struct Shared;

    NameResolver();
    // Does not wait for names on their way.
    ~NameResolver();
    NameResolver(const NameResolver&) = delete;
    NameResolver& operator=(const NameResolver&) = delete;

    // An address instead of a name is answered at once. A lookup that the caller lets go of before
    // its turn has come is not made.
    [[nodiscard]] std::shared_ptr<Lookup> look_up(const std::string& host, std::uint16_t port);
    // The answer, once; none while there is none. kSystem, with the resolver's reason.
    [[nodiscard]] static std::optional<Result<Addresses>> take(Lookup& lookup);

    // To be polled for reading: an answer came. Then drain() makes it quiet until the next.
    [[nodiscard]] int descriptor() const noexcept;
    void drain() noexcept;

  private:
    std::shared_ptr<Shared> shared_;  // with its threads, which may outlive this
};

}  // namespace kurabe::collectors
