// No password and no secret is an argument: arguments are for everybody to see.
#include "cli/access_command_line.hpp"

#include <CLI/CLI.hpp>

namespace kurabe::cli {

namespace {

void describe_place(CLI::App& command, ServerPlace& place) {
    command.add_option("--config", place.config, "the server's configuration file")
        ->type_name("FILE")
        ->required();
    command.add_option("--data", place.data, "data directory instead of the configuration's")
        ->type_name("DIR");
}

void describe_users_file(CLI::App& command, std::filesystem::path& file) {
    command.add_option("--users", file, "the file that 'users' of 'access' names")
        ->type_name("FILE")
        ->required();
}

}  // namespace

AccessCommands::AccessCommands(CLI::App& app) {
    describe_tokens(app);
    describe_users(app);
    sign_app_ = app.add_subcommand("sign", "make an address that shows a picture without login");
    sign_app_->add_option("URL", sign_.url, "of a picture, such as '/graph?address=...'")
        ->required();
    sign_app_->add_option("--expires", sign_.expires, "after so long, such as 30d")
        ->type_name("DURATION")
        ->capture_default_str();
    describe_place(*sign_app_, sign_.place);
}

void AccessCommands::describe_tokens(CLI::App& app) {
    CLI::App* const token = app.add_subcommand("token", "what programs are known by");
    token->require_subcommand(1);
    create_app_ = token->add_subcommand("create", "make one, and print its secret");
    create_app_->add_option("NAME", create_.name, "what lists and the log call it")->required();
    create_app_->add_flag("--read", create_.reads, "lets see graphs and numbers");
    create_app_->add_flag("--write", create_.writes, "lets push lines");
    create_app_
        ->add_option("--hosts", create_.hosts,
                     "for these alone: db1, 'web*' or 10.0.7.0/24; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    create_app_->add_option("--expires", create_.expires, "after so long, such as 90d; else never")
        ->type_name("DURATION");
    describe_place(*create_app_, create_.place);
    list_app_ = token->add_subcommand("list", "name them all");
    describe_place(*list_app_, list_.place);
    revoke_app_ = token->add_subcommand("revoke", "let one be worth nothing from now on");
    revoke_app_->add_option("NAME", revoke_.name, "as 'list' has it")->required();
    describe_place(*revoke_app_, revoke_.place);
}

void AccessCommands::describe_users(CLI::App& app) {
    CLI::App* const user = app.add_subcommand("user", "who may log in");
    user->require_subcommand(1);
    set_app_ = user->add_subcommand("set", "add a user, or change the password");
    set_app_->add_option("NAME", set_.name, "the password is read from standard input")->required();
    describe_users_file(*set_app_, set_.users);
    remove_app_ = user->add_subcommand("remove", "remove a user");
    remove_app_->add_option("NAME", remove_.name, "as 'list' has it")->required();
    describe_users_file(*remove_app_, remove_.users);
    users_app_ = user->add_subcommand("list", "name them all");
    describe_users_file(*users_app_, users_.users);
}

std::optional<Command> AccessCommands::parsed() const {
    if (create_app_->parsed()) return create_;
    if (list_app_->parsed()) return list_;
    if (revoke_app_->parsed()) return revoke_;
    if (set_app_->parsed()) return set_;
    if (remove_app_->parsed()) return remove_;
    if (users_app_->parsed()) return users_;
    if (sign_app_->parsed()) return sign_;
    return std::nullopt;
}

}  // namespace kurabe::cli
