// A socket that listens on an address of ours.
#pragma once

#include <cstdint>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "server/http_server.hpp"
#include "store/result.hpp"

namespace kurabe::server::tcp {

struct ListeningSocket {
    collectors::Descriptor socket;  // never blocks
    std::uint16_t port = 0;
};

// kInUse when the port is taken; the message names `peers`, "agents", unless it is empty.
[[nodiscard]] Result<ListeningSocket> open_listening_socket(const ListenAddress& listen,
                                                            std::string_view peers);

}  // namespace kurabe::server::tcp
