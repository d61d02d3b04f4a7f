// Installed servers of other projects, each started on a free port of this machine with a
// configuration and a directory of its own. What the system itself runs of them is neither used nor
// touched, and neither root nor an init is needed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class Service {
  public:
    // Its words, the program first, for a directory and a port.
    using Command =
        std::function<std::vector<std::string>(const TemporaryDirectory& directory, int port)>;

    // Null when the program is not installed. Returns when it listens; fails the test and throws
    // when it never does.
    [[nodiscard]] static std::unique_ptr<Service> start(const std::string& program,
                                                        const Command& command);

    ~Service();  // asks it to end, because some have children
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] const TemporaryDirectory& directory() const noexcept { return directory_; }

  private:
    Service() = default;
    [[nodiscard]] bool listens_before_it_ends() const;

    TemporaryDirectory directory_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

// Apache with mod_status at /server-status, which counts requests.
[[nodiscard]] std::unique_ptr<Service> start_apache();
// nginx with stub_status at /nginx_status.
[[nodiscard]] std::unique_ptr<Service> start_nginx();
// nginx with TLS: for www.example.org with a certificate of 90 days, for others with one of 9; both
// of an authority that nobody knows. Null also without openssl.
[[nodiscard]] std::unique_ptr<Service> start_tls_nginx();
// dnsmasq, which knows www.example.org and of only6.example.org an address of version 6 alone.
// Other names of example.org there are not, and about others it refuses to speak.
[[nodiscard]] std::unique_ptr<Service> start_dnsmasq();
[[nodiscard]] std::unique_ptr<Service> start_memcached();
[[nodiscard]] std::unique_ptr<Service> start_redis(const std::string& password);
// Squid, whose cache manager this machine may ask.
[[nodiscard]] std::unique_ptr<Service> start_squid();
// MariaDB with an account root that has no password and may come over TCP.
[[nodiscard]] std::unique_ptr<Service> start_mariadb();

}  // namespace kurabe::tests
