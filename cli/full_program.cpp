// From a command's name to its function.
#include "cli/full_program.hpp"

#include <chrono>
#include <string>
#include <variant>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/environment.hpp"
#include "cli/host_addresses.hpp"
#include "cli/rrdtool/pipe.hpp"
#include "cli/rrdtool/session.hpp"
#include "cli/series_access.hpp"
#include "server/snmp_credentials.hpp"

namespace kurabe::cli {

namespace {

constexpr int kExitConfiguration = 2;

Environment environment_of(const rrdtool::Session& session) {
    return {
        .now =
            [] {
                return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            },
        .zone = session.zone,
        .credentials = server::ask_own_environment(server::kCredentialsDirectory),
    };
}

struct Runner {
    rrdtool::Session& session;

    Result<void> operator()(const TextCommand& command) const {
        session.out.write(command.text);
        return {};
    }
    Result<void> operator()(const ExportCommand& command) const {
        return run_export(command, session.out);
    }
    Result<void> operator()(const ImportCommand& command) const {
        return run_import(command, session.out);
    }
    Result<void> operator()(const CheckCommand& command) const {
        return run_check(command, session.out);
    }
    Result<void> operator()(const BackupCommand& command) const {
        return run_backup(command, session.out);
    }
    Result<void> operator()(const RetentionCommand& command) const {
        return run_retention(command, session.out);
    }
    Result<void> operator()(const RetireCommand& command) const {
        return run_retire(command, environment_of(session), session.out);
    }
    Result<void> operator()(const CollectLocalCommand& command) const {
        return run_collect_local(command, environment_of(session), session.out);
    }
    Result<void> operator()(const AgentCommand& command) const {
        return run_agent(command, environment_of(session));
    }
    Result<void> operator()(const CollectSnmpCommand& command) const {
        return run_collect_snmp(command, environment_of(session), session.out);
    }
    Result<void> operator()(const CollectSshCommand& command) const {
        return run_collect_ssh(command, environment_of(session), session.out);
    }
    Result<void> operator()(const CollectMuninCommand& command) const {
        return run_collect_munin(command, environment_of(session), session.out);
    }
    Result<void> operator()(const CollectPluginCommand& command) const {
        return run_collect_plugin(command, environment_of(session), session.out);
    }
    Result<void> operator()(const PluginListCommand& command) const {
        return run_plugin_list(command, session.out);
    }
    Result<void> operator()(const PluginTestCommand& command) const {
        return run_plugin_test(command, environment_of(session), session.out);
    }
    Result<void> operator()(const ConfigCheckCommand& command) const {
        return run_config_check(command, environment_of(session), session.out);
    }
    Result<void> operator()(const ConfigDumpCommand& command) const {
        return run_config_dump(command, session.out);
    }
    Result<void> operator()(const TokenCreateCommand& command) const {
        return run_token_create(command, environment_of(session), session.out);
    }
    Result<void> operator()(const TokenListCommand& command) const {
        return run_token_list(command, environment_of(session), session.out);
    }
    Result<void> operator()(const TokenRevokeCommand& command) const {
        return run_token_revoke(command, environment_of(session), session.out);
    }
    Result<void> operator()(const UserSetCommand& command) const {
        return run_user_set(command, environment_of(session), session.in, session.out);
    }
    Result<void> operator()(const UserRemoveCommand& command) const {
        return run_user_remove(command, environment_of(session), session.out);
    }
    Result<void> operator()(const UserListCommand& command) const {
        return run_user_list(command, environment_of(session), session.out);
    }
    Result<void> operator()(const SignCommand& command) const {
        return run_sign(command, environment_of(session), session.out);
    }
    Result<void> operator()(const DemoCommand& command) const {
        return run_demo(command, environment_of(session), session.out);
    }
    Result<void> operator()(const ServeCommand& command) const {
        return run_serve(command, environment_of(session));
    }
};

}  // namespace

Result<void> FullProgram::run(std::string_view name, rrdtool::Words arguments,
                              rrdtool::Session& session) {
    if (name == "-") return rrdtool::run_pipe(arguments, session);
    if (name == "graph") return run_graph(arguments, session, drawing_);
    if (name == "graphv") return run_graphv(arguments, session, drawing_);
    if (name == "xport") return run_xport(arguments, session);
    const auto command = parse_command_line(name, arguments);
    if (!command) return std::unexpected(command.error());
    auto done = std::visit(Runner{session}, *command);
    const bool is_configuration = std::holds_alternative<ServeCommand>(*command) && !done &&
                                  done.error().code == ErrorCode::kInvalid;
    if (is_configuration) exit_status_ = kExitConfiguration;
    return done;
}

Result<store::FetchedSeries> FullProgram::fetch(const SeriesPlace& place, std::string_view series,
                                                const store::FetchRequest& request) {
    const auto source = cli::open_series(place);
    if (!source) return std::unexpected(source.error());
    return (*source)->fetch({std::string(series), "n"}, request);
}

Result<store::rrd::Archive> FullProgram::open_series(const SeriesPlace& place,
                                                     std::string_view series) {
    const auto name = store::SeriesName::parse(series);
    if (!name) return std::unexpected(name.error());
    const auto source = cli::open_series(place);
    if (!source) return std::unexpected(source.error());
    const auto file = (*source)->file(*name);
    if (!file) return std::unexpected(file.error());
    return store::rrd::Archive::in_memory(series, std::as_bytes(std::span(*file)));
}

Result<std::vector<rrdcached::SocketAddress>> FullProgram::look_up(
    const rrdcached::NetworkAddress& address) {
    return look_up_host(address);
}

}  // namespace kurabe::cli
