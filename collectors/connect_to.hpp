// A TCP connection for a thread that waits for it.
#pragma once

#include "collectors/descriptor.hpp"
#include "collectors/host_port.hpp"
#include "collectors/patience.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

// A connected socket, non-blocking. `peer` has a port; its name is looked up.
[[nodiscard]] Result<Descriptor> connect_to(const HostPort& peer, const Patience& patience);

}  // namespace kurabe::collectors
