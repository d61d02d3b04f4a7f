// The arguments of `kurabe token`, `kurabe user` and `kurabe sign`, beside command_line.cpp, which
// has all others'.
#pragma once

#include <optional>

#include "cli/command_line.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace kurabe::cli {

class AccessCommands {
  public:
    // Lives as long as `app` is used.
    explicit AccessCommands(CLI::App& app);
    AccessCommands(const AccessCommands&) = delete;
    AccessCommands& operator=(const AccessCommands&) = delete;

    // None when it was another command.
    [[nodiscard]] std::optional<Command> parsed() const;

  private:
    void describe_tokens(CLI::App& app);
    void describe_users(CLI::App& app);

    TokenCreateCommand create_;
    TokenListCommand list_;
    TokenRevokeCommand revoke_;
    UserSetCommand set_;
    UserRemoveCommand remove_;
    UserListCommand users_;
    SignCommand sign_;
    CLI::App* create_app_ = nullptr;
    CLI::App* list_app_ = nullptr;
    CLI::App* revoke_app_ = nullptr;
    CLI::App* set_app_ = nullptr;
    CLI::App* remove_app_ = nullptr;
    CLI::App* users_app_ = nullptr;
    CLI::App* sign_app_ = nullptr;
};

}  // namespace kurabe::cli
