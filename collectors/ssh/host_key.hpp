// Whether the host is the one that known_hosts knows. A key that is not there or not the same is
// refused, whatever the configuration says of it.
#pragma once

#include <string>

#include "store/result.hpp"

struct ssh_session_struct;

namespace kurabe::collectors::ssh {

// For messages: how a person gets to the same host.
struct HostPlace {
    std::string host;
    unsigned port;
    bool is_behind_proxy;
};

// Of a session whose keys have been exchanged. kNotFound for a key that is not known, with the
// command that accepts it; kInvalid for another than the known one.
[[nodiscard]] Result<void> verify_host_key(ssh_session_struct* session, const HostPlace& place);

}  // namespace kurabe::collectors::ssh
