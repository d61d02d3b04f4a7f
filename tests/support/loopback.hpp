// Ports of this machine's loopback addresses, for servers that tests start.
#pragma once

#include <string>

namespace kurabe::tests {

// One that nothing listens on now; another process may take it before the caller does.
[[nodiscard]] int free_port();

// Whether somebody accepts connections there. `address` is numeric.
[[nodiscard]] bool listens(int port, const std::string& address = "127.0.0.1");

}  // namespace kurabe::tests
