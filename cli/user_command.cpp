// `kurabe user`: who may log in, in Apache's form.
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "server/access/account_name.hpp"
#include "server/access/digest.hpp"
#include "server/access/password_hash.hpp"
#include "server/access/secret_text.hpp"
#include "server/access/users_file.hpp"

namespace kurabe::cli {

namespace {

server::SecretFile users_file_of(const std::filesystem::path& users,
                                 const Environment& environment) {
    return {.path = users,
            .bytes_max = server::kUsersFileBytesMax,
            .credentials = environment.credentials};
}

// Keys that are typed at a terminal do not show while it lives.
class NoEcho {
  public:
    NoEcho() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_set_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~NoEcho() {
        if (is_set_) (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

  private:
    termios before_{};
    bool is_set_ = false;
};

std::string read_line(rrdtool::Input& in) {
    std::string_view line = in.read_line();
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::string(line);
}

std::string ask(rrdtool::Input& in, std::string_view prompt) {
    fmt::print(stderr, "{}: ", prompt);
    std::string answer = read_line(in);
    fmt::print(stderr, "\n");
    return answer;
}

Result<std::string> read_password(rrdtool::Input& in) {
    if (::isatty(STDIN_FILENO) == 0) return read_line(in);
    const NoEcho no_echo;
    std::string password = ask(in, "Password");
    if (server::are_equal(ask(in, "Again"), password)) return password;
    return fail(ErrorCode::kInvalid, "the two passwords differ");
}

}  // namespace

Result<void> run_user_set(const UserSetCommand& command, const Environment& environment,
                          rrdtool::Input& in, rrdtool::Output& out) {
    if (auto checked = server::check_account_name(command.name); !checked) return checked;
    auto password = read_password(in);
    if (!password) return std::unexpected(password.error());
    const auto hash = server::hash_password(*password);
    server::wipe(*password);
    if (!hash) return std::unexpected(hash.error());
    auto changed = server::change_secret(
        users_file_of(command.users, environment),
        [&](std::string_view text) -> Result<std::string> {
            std::string made = server::with_user(text, command.name, *hash);
            // What the server would not start with is not written; a weak hash of the user's own
            // is gone by now.
            const auto users = server::parse_users(made, command.users.native());
            if (!users) return std::unexpected(users.error());
            return made;
        });
    if (!changed) return changed;
    out.write(fmt::format("the password of '{}' is set\n", command.name));
    return {};
}

Result<void> run_user_remove(const UserRemoveCommand& command, const Environment& environment,
                             rrdtool::Output& out) {
    auto changed = server::change_secret(
        users_file_of(command.users, environment),
        [&](std::string_view text) -> Result<std::string> {
            std::string made = server::without_user(text, command.name);
            if (!server::has_user(text, command.name)) {
                return fail(
                    ErrorCode::kNotFound,
                    fmt::format("{} has no user '{}'", command.users.native(), command.name));
            }
            return made;
        });
    if (!changed) return changed;
    out.write(fmt::format("the user '{}' is removed\n", command.name));
    return {};
}

Result<void> run_user_list(const UserListCommand& command, const Environment& environment,
                           rrdtool::Output& out) {
    const auto text = server::read_secret(users_file_of(command.users, environment));
    if (!text) return std::unexpected(text.error());
    const auto users = server::parse_users(*text, command.users.native());
    if (!users) return std::unexpected(users.error());
    for (const auto& [name, hash] : *users) out.write(name + "\n");
    return {};
}

}  // namespace kurabe::cli
