// What thousands of hosts are, to those who watch them: the installed sshd and nginx, and a process
// each for switches and munin-nodes, which answer at every address of 127.0.0.0/8.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "bench/forked.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::bench {

// Blocks of hosts, each watched in its own ways.
enum class Block { kMachines = 1, kSwitches, kExporters };

// "127.BLOCK.x.y"; up to 60,000 of a block.
[[nodiscard]] std::string address_of(Block block, std::size_t host);

class HeldPeers {
  public:
    // `directory` exists. `hosts` of each block; each switch has `ports`. Before there are threads.
    // Stops the benchmark when one does not start or is not installed.
    HeldPeers(const std::filesystem::path& directory, std::size_t hosts, unsigned ports);

    [[nodiscard]] int ssh_port() const noexcept { return ssh_.port(); }
    [[nodiscard]] std::filesystem::path ssh_identity() const { return ssh_.identity(); }
    // Lines of known_hosts(5) for all of `block`.
    [[nodiscard]] std::string known_hosts(Block block) const;
    [[nodiscard]] int snmp_port() const noexcept { return switches_.port(); }
    // stub_status at /nginx_status, and what a node_exporter tells at /metrics.
    [[nodiscard]] int http_port() const noexcept { return http_port_; }
    [[nodiscard]] int munin_port() const noexcept { return munin_.port(); }
    [[nodiscard]] std::size_t ssh_sessions() const { return ssh_.session_processes().size(); }

  private:
    Forked switches_;
    Forked munin_;
    tests::SshServer ssh_;
    int http_port_;
    std::unique_ptr<tests::ChildProcess> nginx_;
};

}  // namespace kurabe::bench
