// One SSH session with one host, kept open, in which the same command is run again and again.
// No call waits for the host: each goes on as far as what has come allows.
// The wrapper of libssh's sessions (libssh.org, "The libssh Tutorial"; what its documentation does
// not say of non-blocking sessions was tried, see tests/collectors/ssh).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "collectors/ssh/access.hpp"
#include "collectors/ssh/conversation.hpp"
#include "collectors/ssh/target.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::ssh {

class Session {
  public:
    using Progress = ssh::Progress;

    // Reads the configuration for this host. The key of `access` must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Session>> prepare(const Target& target,
                                                                  const Access& access);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Where the connection leads after the configuration's HostName and Port.
    [[nodiscard]] const std::string& host() const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;
    // Whether the configuration names a ProxyJump or ProxyCommand, which open() starts. Otherwise
    // it needs a connected socket first.
    [[nodiscard]] bool has_proxy() const noexcept;
    void use(Descriptor socket);

    // Exchanges keys, verifies the host's, and logs in.
    [[nodiscard]] Result<Progress> open();

    // Of an open session: runs a command to be spoken with.
    [[nodiscard]] std::unique_ptr<Conversation> converse(std::string_view command);
    // Of an open session: runs a command, done when output() is complete or the command ended.
    void start(std::string_view command);
    [[nodiscard]] Result<Progress> run();
    [[nodiscard]] const std::string& output() const noexcept;

    // Answers what the host asks while no command runs. kSystem when it has gone away.
    [[nodiscard]] Result<void> serve();

    // What to poll(2) for before the next call.
    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] short events() const noexcept;

  private:
    struct State;
    explicit Session(std::unique_ptr<State> state);

    [[nodiscard]] Result<Progress> connect();
    [[nodiscard]] Result<Progress> log_in();
    [[nodiscard]] Result<Progress> read();

    std::unique_ptr<State> state_;
};

}  // namespace kurabe::collectors::ssh
