// The installed OpenSSH server on free ports of this machine, with host keys, a user's key and a
// configuration of its own. Nothing of any account is read or changed: the keys that may log in are
// in the server's own directory.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

struct SshServerOptions {
    std::vector<std::string> addresses = {"127.0.0.1"};  // at most 16, all with the same port
    std::string configuration = {};                      // lines of sshd_config(5)
    std::string key_options = {};                        // before the key in authorized_keys
};

class SshServer {
  public:
    [[nodiscard]] static bool is_installed();
    // Returns when it listens everywhere.
    explicit SshServer(SshServerOptions options = {});
    ~SshServer();
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    // The private key that may log in.
    [[nodiscard]] std::filesystem::path identity() const { return directory_.path() / "user"; }
    // Its host key under each of its addresses, as a line each of known_hosts.
    [[nodiscard]] std::string known_hosts() const;
    // A file of these lines, made with the server.
    [[nodiscard]] std::filesystem::path known_hosts_file() const {
        return directory_.path() / "known_hosts";
    }
    [[nodiscard]] const TemporaryDirectory& directory() const noexcept { return directory_; }

    // Ends the process that listens and every session of it.
    void stop();
    void start_again();
    // As if the machine had been set up anew.
    void change_host_key();
    // Lets another key log in and this one no longer.
    void forget_user_key();
    // One process for each session that is open.
    [[nodiscard]] std::vector<pid_t> session_processes() const;
    // To every process of every session.
    void signal_sessions(int number) const;

  private:
    [[nodiscard]] bool start();
    void make_key(const std::string& name) const;

    SshServerOptions options_;
    TemporaryDirectory directory_;
    int port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace kurabe::tests
