// How a test's sshd is reached by the collectors.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "collectors/ssh/access.hpp"
#include "collectors/ssh/target.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::collectors::munin::test {

inline ssh::Target target_of(const tests::SshServer& server) {
    return {.user = "", .host = "127.0.0.1", .port = static_cast<std::uint16_t>(server.port())};
}

inline std::shared_ptr<const ssh::Access> access_to(
    const tests::SshServer& server, std::chrono::milliseconds idle_max = ssh::Settings{}.idle_max) {
    auto access = ssh::Access::prepare({.identity = server.identity(),
                                        .known_hosts = server.known_hosts_file(),
                                        .config = ssh::kNoConfig,
                                        .idle_max = idle_max});
    if (!access) throw std::runtime_error(access.error().message);
    return std::make_shared<const ssh::Access>(*std::move(access));
}

}  // namespace kurabe::collectors::munin::test
