// The installed net-snmp agent on a free port of this machine, with users and a configuration of
// its own. Nothing of the system's agent is read or changed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class SnmpDaemon {
  public:
    static constexpr const char* kCommunity = "canary-community-7f3a";
    static constexpr const char* kAuthPassphrase = "canary-auth-91bd";
    static constexpr const char* kPrivPassphrase = "canary-priv-c5e2";

    [[nodiscard]] static bool is_installed();
    // Answers at every address of 127.0.0.0/8. Returns when it does.
    SnmpDaemon();
    ~SnmpDaemon();
    SnmpDaemon(const SnmpDaemon&) = delete;
    SnmpDaemon& operator=(const SnmpDaemon&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    // A file of credentials: 127.0.0.1 by community, 127.0.0.2 by SHA-256 and AES, 127.0.0.3 by
    // SHA-512 and AES-256, 127.0.0.4 by SHA-256 without privacy, 127.0.0.5 with a wrong community,
    // 127.0.0.6 and .7 with a wrong passphrase, 127.0.0.8 as a user that is unknown.
    [[nodiscard]] std::filesystem::path credentials() const;
    [[nodiscard]] const TemporaryDirectory& directory() const noexcept { return directory_; }

    void stop();
    // As a device that was started so often already, or as another one.
    void start_again(const std::string& engine_id, int engine_boots);
    void signal(int number) const { process_->signal(number); }

  private:
    [[nodiscard]] bool start();

    TemporaryDirectory directory_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

// Asks for sysUpTime by SNMPv2c and waits a moment for the answer.
[[nodiscard]] bool answers_snmp(int port, const std::string& community);

}  // namespace kurabe::tests
