// Ports of this machine's loopback addresses, for servers that tests start.
#pragma once

#include <string>

namespace kurabe::tests {

// One that nothing listens on now; another process may take it before the caller does.
[[nodiscard]] int free_port();

// A port of 127.0.0.1 that is kept from others for a server that comes, goes and comes again and
// that binds with SO_REUSEADDR, as servers do. Connections are refused while none listens.
class ReservedPort {
  public:
    ReservedPort();
    ~ReservedPort();
    ReservedPort(const ReservedPort&) = delete;
    ReservedPort& operator=(const ReservedPort&) = delete;

    [[nodiscard]] int number() const noexcept { return number_; }

  private:
    int socket_;  // bound, and never listening
    int number_ = 0;
};

// Whether somebody accepts connections there. `address` is numeric.
[[nodiscard]] bool listens(int port, const std::string& address = "127.0.0.1");

}  // namespace kurabe::tests
