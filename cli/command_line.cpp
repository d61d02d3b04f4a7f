// CLI11 -> Command. Rules that are rrdtool's (the last of a repeated option wins, `-h` is a height
// and not help, values may begin with '-') are set here once for all commands.
#include "cli/command_line.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/access_command_line.hpp"
#include "collectors/demo_parameters.hpp"

namespace kurabe::cli {

namespace {

constexpr double kCommitIntervalMax = 3600;
constexpr double kDeadlineMax = 300;
constexpr int kIntervalMax = 86400;

void describe_serve(CLI::App& command, ServeCommand& serve) {
    CLI::Option* const config =
        command.add_option("--config", serve.config, "configuration file (Kurado's YAML)")
            ->type_name("FILE");
    CLI::Option* const tree =
        command
            .add_option("--rrd-dir", serve.rrd_dir,
                        "show RRDtool's files of this directory as they are, and store nothing")
            ->type_name("DIR");
    command.callback([config, tree] {
        if (config->count() + tree->count() == 0) throw CLI::RequiredError("--config");
    });
    command.add_option("--data", serve.data, "data directory instead of the configuration's")
        ->type_name("DIR");
    command.add_option("--listen", serve.listen, "address and port of the pages")
        ->type_name("ADDR:PORT")
        ->capture_default_str();
    command
        .add_option("--resp", serve.resp,
                    "where Kurado's agents push, in place of its Redis; nowhere without it")
        ->type_name("ADDR:PORT");
    command
        .add_option("--graphite", serve.graphite,
                    "where Graphite's clients push lines PATH VALUE EPOCH; nowhere without it")
        ->type_name("ADDR:PORT");
    auto* const certificate =
        command
            .add_option("--tls-certificate", serve.tls_certificate,
                        "certificate of HTTPS in PEM form, the chain to its root behind it; "
                        "instead of the configuration's")
            ->type_name("FILE");
    auto* const key =
        command.add_option("--tls-key", serve.tls_key, "its key, which nobody else may read")
            ->type_name("FILE");
    certificate->needs(key);
    key->needs(certificate);
    command
        .add_option("--access-log", serve.access_log,
                    "where each request is a line; - is standard output; instead of the "
                    "configuration's")
        ->type_name("FILE|-");
    command
        .add_option("--commit-interval", serve.commit_interval,
                    "how old accepted samples get before they survive a power cut; 0: they do "
                    "when they are acknowledged")
        ->type_name("SECONDS")
        ->check([](const std::string& text) {
            double seconds = -1;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, seconds);
            const bool is_good = error == std::errc{} && stop == end && seconds >= 0 &&
                                 seconds <= kCommitIntervalMax;
            return is_good ? std::string()
                           : fmt::format("'{}' is not a number of seconds from 0 to {}", text,
                                         kCommitIntervalMax);
        })
        ->capture_default_str();
}

void describe_demo(CLI::App& command, DemoCommand& demo) {
    command
        .add_option("DIR", demo.directory,
                    "directory to fill with kurabe.yml and data/; must be absent or empty")
        ->required();
    command.add_option("--hosts", demo.hosts, "how many hosts")
        ->check(CLI::Range(1, collectors::kDemoHostsMax))
        ->capture_default_str();
    command.add_option("--days", demo.days, "days of history")
        ->check(CLI::Range(1, 1100))
        ->capture_default_str();
    command.add_option("--seed", demo.seed, "the same seed gives the same histories")
        ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
        ->capture_default_str();
}

void describe_export(CLI::App& command, ExportCommand& exported) {
    command.add_option("WHAT", exported.what, "a series, HOST/PLUGIN/KEY, or a host")->required();
    command
        .add_option("TARGET", exported.target,
                    "the file to write, or a directory for HOST/PLUGIN/KEY.rrd")
        ->required();
    CLI::Option* const server =
        command.add_option("--server", exported.place.server, "URL of a running server")
            ->type_name("URL")
            ->capture_default_str();
    CLI::Option* const token_file =
        command
            .add_option("--token-file", exported.place.token_file,
                        "what the server knows this program by; nobody else may read the file")
            ->type_name("FILE");
    command.add_option("--data", exported.place.data, "a data directory that no server is using")
        ->type_name("DIR")
        ->excludes(server)
        ->excludes(token_file);
}

void describe_import(CLI::App& command, ImportCommand& imported) {
    command.add_option("PATH", imported.paths, "files, and directories of files")->required();
    command.add_option("--data", imported.data, "a data directory that no server is using")
        ->type_name("DIR")
        ->required();
    command.add_option("--host", imported.names.host, "instead of what the path says");
    command.add_option("--plugin", imported.names.plugin, "instead of what the path says");
    command.add_option("--key", imported.names.key, "instead of what the path says");
}

void describe_check(CLI::App& command, CheckCommand& check) {
    command.add_option("DIR", check.directory, "a data directory that no server is using")
        ->required();
    command.add_flag("--repair", check.repairs,
                     "move archives that are lost to DIR/isolated, make damaged rows unknown");
}

void describe_backup(CLI::App& command, BackupCommand& backup) {
    command.add_option("DIR", backup.directory, "a data directory; a server may be using it")
        ->required();
    command.add_option("TARGET", backup.target, "where the copy goes; must be absent or empty")
        ->required();
}

void describe_retention(CLI::App& command, RetentionCommand& retention) {
    command.add_option("DIR", retention.directory, "a data directory that no server is using")
        ->required();
    command.add_option("HOST", retention.hosts, "hosts; all without one");
    command.add_flag("--really", retention.really,
                     "change them; without it, tells what would not be kept");
    command
        .add_option("--rings", retention.rings,
                    "resolution and duration of each ring, such as 60:2d,5m:10d,1h:40d; without "
                    "it, tells what they are")
        ->type_name("RINGS");
}

void describe_retire(CLI::App& command, RetireCommand& retire) {
    command.add_option("DIR", retire.directory, "a data directory that no server is using")
        ->required();
    command.add_option("HOST", retire.hosts, "hosts; all without one");
    command.add_option("--silent", retire.silent, "how long they had no sample, such as 90d")
        ->type_name("DURATION")
        ->required();
    command.add_flag("--really", retire.really, "remove them; without it, they are only named");
}

// `server` is what the two options come to.
struct ServerOptions {
    std::optional<std::string> url = {};
    std::optional<std::filesystem::path> token_file = {};

    [[nodiscard]] std::optional<LineServer> server() const {
        if (!url) return std::nullopt;
        return LineServer{*url, token_file};
    }
};

CLI::Option* describe_server(CLI::App& command, ServerOptions& options) {
    CLI::Option* const server =
        command.add_option("--server", options.url, "URL of the server that takes the lines")
            ->type_name("URL");
    command
        .add_option("--token-file", options.token_file,
                    "what the server knows this sender by; nobody else may read the file")
        ->type_name("FILE")
        ->needs(server);
    return server;
}

void describe_interval(CLI::App& command, int& interval) {
    command.add_option("--interval", interval, "time from round to round")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, kIntervalMax))
        ->capture_default_str();
}

void describe_collect_local(CLI::App& command, CollectLocalCommand& collect,
                            ServerOptions& server) {
    describe_server(command, server);
    command.add_flag("--once", collect.once, "as from cron; else every interval");
    describe_interval(command, collect.interval);
    command
        .add_option("--host", collect.host,
                    "what the lines call this machine; else the address that the server sees, or "
                    "the system's name")
        ->type_name("NAME");
}

void describe_deadline(CLI::App& command, double& deadline) {
    command.add_option("--deadline", deadline, "for each host in each round")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, kDeadlineMax))
        ->capture_default_str();
}

// Of a command that polls hosts.
template <typename Collect>
void describe_rounds(CLI::App& command, Collect& collect) {
    command.add_flag("--once", collect.once, "one round, as from cron; else one per interval");
    describe_interval(command, collect.interval);
    describe_deadline(command, collect.deadline);
}

// Of a command that logs in over SSH.
template <typename Collect>
void describe_ssh_files(CLI::App& command, Collect& collect) {
    command
        .add_option("--identity", collect.identity,
                    "private key without passphrase; else those of the agent, of the "
                    "configuration and of ~/.ssh")
        ->type_name("FILE");
    command.add_option("--known-hosts", collect.known_hosts, "instead of ~/.ssh/known_hosts")
        ->type_name("FILE");
    command
        .add_option("--ssh-config", collect.config,
                    "instead of ~/.ssh/config and /etc/ssh/ssh_config; 'none': no file")
        ->type_name("FILE");
}

void describe_collect_ssh(CLI::App& command, CollectSshCommand& collect) {
    command.add_option("HOST", collect.targets, "[USER@]HOST[:PORT], or a name of ssh_config(5)");
    describe_rounds(command, collect);
    describe_ssh_files(command, collect);
    command.add_flag("--forced-command", collect.prints_forced_command,
                     "print what goes before the key in authorized_keys, so that it can do nothing "
                     "else");
}

void describe_collect_snmp(CLI::App& command, CollectSnmpCommand& collect) {
    command.add_option("HOST", collect.targets, "HOST[:PORT]");
    describe_rounds(command, collect);
    command
        .add_option("--credentials", collect.credentials,
                    "communities and users by host; nobody else may read it")
        ->type_name("FILE")
        ->required();
    command
        .add_option("--only", collect.parts,
                    "interfaces (if), HOST-RESOURCES-MIB (hr), UCD-SNMP-MIB (ucd); else all")
        ->type_name("PART")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void describe_collect_munin(CLI::App& command, CollectMuninCommand& collect) {
    command.add_option("HOST", collect.targets,
                       "HOST[:PORT] of munin-node, or ssh://[USER@]HOST[:PORT]");
    describe_rounds(command, collect);
    command
        .add_option("--ssh-command", collect.ssh_command, "what hosts are asked to run over SSH")
        ->type_name("COMMAND")
        ->capture_default_str();
    describe_ssh_files(command, collect);
}

constexpr const char* kConfigHelp = "a server's configuration, for its plugins and metrics_config";
constexpr const char* kLineHelp = "a plugin as a roll names it, such as http:8080";

void describe_collect_plugin(CLI::App& command, CollectPluginCommand& collect) {
    command.add_option("LINE", collect.line, kLineHelp)->required();
    command.add_option("HOST", collect.hosts, "addresses")->required();
    describe_rounds(command, collect);
    command.add_option("--config", collect.config, kConfigHelp)->type_name("FILE");
}

void describe_plugin_test(CLI::App& command, PluginTestCommand& test) {
    command.add_option("LINE", test.line, kLineHelp)->required();
    command.add_option("HOST", test.host, "its address")->required();
    command.add_option("--config", test.config, kConfigHelp)->type_name("FILE");
}

void describe_agent(CLI::App& command, AgentCommand& agent, ServerOptions& server) {
    describe_server(command, server)->required();
    command
        .add_option("--spool", agent.spool,
                    "where lines wait that the server has not taken; without it in memory")
        ->type_name("DIR");
    command
        .add_option("--conf-d", agent.conf_d,
                    "directory of *.toml files that name plugins, as Kurado's agent has them")
        ->type_name("DIR");
    describe_interval(command, agent.interval);
    command
        .add_option("--max-delay", agent.max_delay,
                    "ticks come so much later at most, chosen anew at each start, so that many "
                    "agents do not come together")
        ->type_name("SECONDS")
        ->check(CLI::Range(0, kIntervalMax))
        ->capture_default_str();
    command
        .add_option("--host", agent.host,
                    "what the lines call this machine; else the address that the server sees")
        ->type_name("NAME");
}

// The ways to collect, and `agent`.
class CollectingCommands {
  public:
    // Lives as long as `app` is used.
    explicit CollectingCommands(CLI::App& app) {
        CLI::App* const collect =
            app.add_subcommand("collect", "collect metrics, and print or push them");
        collect->require_subcommand(1);
        local_app_ = collect->add_subcommand("local", "of this machine");
        describe_collect_local(*local_app_, local_, local_server_);
        ssh_app_ = collect->add_subcommand("ssh", "of Linux hosts on which nothing is installed");
        describe_collect_ssh(*ssh_app_, ssh_);
        describe_server(*ssh_app_, ssh_server_);
        snmp_app_ = collect->add_subcommand("snmp", "of devices and machines that answer SNMP");
        describe_collect_snmp(*snmp_app_, snmp_);
        describe_server(*snmp_app_, snmp_server_);
        plugin_app_ = collect->add_subcommand("plugin", "of services, as a plugin says");
        describe_collect_plugin(*plugin_app_, plugin_);
        describe_server(*plugin_app_, plugin_server_);
        munin_app_ = collect->add_subcommand("munin", "of hosts that have a munin-node");
        describe_collect_munin(*munin_app_, munin_);
        describe_server(*munin_app_, munin_server_);
        agent_app_ = app.add_subcommand("agent", "collect this machine all the time, and push it");
        describe_agent(*agent_app_, agent_, agent_server_);
    }
    CollectingCommands(const CollectingCommands&) = delete;
    CollectingCommands& operator=(const CollectingCommands&) = delete;

    // None when it was another command.
    [[nodiscard]] std::optional<Command> parsed() {
        local_.server = local_server_.server();
        ssh_.server = ssh_server_.server();
        snmp_.server = snmp_server_.server();
        plugin_.server = plugin_server_.server();
        munin_.server = munin_server_.server();
        if (local_app_->parsed()) return local_;
        if (ssh_app_->parsed()) return ssh_;
        if (snmp_app_->parsed()) return snmp_;
        if (plugin_app_->parsed()) return plugin_;
        if (munin_app_->parsed()) return munin_;
        if (!agent_app_->parsed()) return std::nullopt;
        agent_.server = agent_server_.server().value_or(LineServer{});
        return agent_;
    }

  private:
    CollectLocalCommand local_;
    CollectSshCommand ssh_;
    CollectSnmpCommand snmp_;
    CollectPluginCommand plugin_;
    CollectMuninCommand munin_;
    AgentCommand agent_;
    ServerOptions local_server_;
    ServerOptions ssh_server_;
    ServerOptions snmp_server_;
    ServerOptions plugin_server_;
    ServerOptions munin_server_;
    ServerOptions agent_server_;
    CLI::App* local_app_ = nullptr;
    CLI::App* ssh_app_ = nullptr;
    CLI::App* snmp_app_ = nullptr;
    CLI::App* plugin_app_ = nullptr;
    CLI::App* munin_app_ = nullptr;
    CLI::App* agent_app_ = nullptr;
};

// `config check` and `config dump`.
class ConfigCommands {
  public:
    // Lives as long as `app` is used.
    explicit ConfigCommands(CLI::App& app) {
        CLI::App* const config = app.add_subcommand("config", "check and show a configuration");
        config->require_subcommand(1);
        check_app_ = config->add_subcommand("check", "say what is wrong with it");
        check_app_->add_option("FILE,--config", check_.file, kFileHelp)->required();
        check_app_
            ->add_option("--data", check_.data, "data directory instead of the configuration's")
            ->type_name("DIR");
        dump_app_ = config->add_subcommand("dump", "show its services and plugins");
        dump_app_->add_option("FILE,--config", dump_.file, kFileHelp)->required();
        dump_app_->add_flag("--json,--dump-json", dump_.as_json, "all of it, for programs");
    }
    ConfigCommands(const ConfigCommands&) = delete;
    ConfigCommands& operator=(const ConfigCommands&) = delete;

    // None when it was another command.
    [[nodiscard]] std::optional<Command> parsed() const {
        if (check_app_->parsed()) return check_;
        if (dump_app_->parsed()) return dump_;
        return std::nullopt;
    }

  private:
    static constexpr const char* kFileHelp = "configuration file (Kurado's YAML)";

    ConfigCheckCommand check_;
    ConfigDumpCommand dump_;
    CLI::App* check_app_ = nullptr;
    CLI::App* dump_app_ = nullptr;
};

// `plugin list` and `plugin test`.
class PluginCommands {
  public:
    // Lives as long as `app` is used.
    explicit PluginCommands(CLI::App& app) {
        CLI::App* const plugin = app.add_subcommand("plugin", "name plugins, try them");
        plugin->require_subcommand(1);
        list_app_ = plugin->add_subcommand("list", "name them all");
        list_app_->add_option("--config", list_.config, kConfigHelp)->type_name("FILE");
        test_app_ = plugin->add_subcommand("test", "show what is fetched, read and drawn");
        describe_plugin_test(*test_app_, test_);
    }
    PluginCommands(const PluginCommands&) = delete;
    PluginCommands& operator=(const PluginCommands&) = delete;

    // None when it was another command.
    [[nodiscard]] std::optional<Command> parsed() const {
        if (list_app_->parsed()) return list_;
        if (test_app_->parsed()) return test_;
        return std::nullopt;
    }

  private:
    PluginListCommand list_;
    PluginTestCommand test_;
    CLI::App* list_app_ = nullptr;
    CLI::App* test_app_ = nullptr;
};

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n') {
            c = ' ';
        }
    }
    return text;
}

// What is missing is mostly there, and misspelt.
std::string complaint_of(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining(true);
    const bool is_missed = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr ||
                           dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    if (!is_missed || unknown.empty()) {
        return one_line(error.what());
    }
    return fmt::format("unknown {} '{}'", unknown.front().starts_with('-') ? "option" : "word",
                       one_line(unknown.front()));
}

}  // namespace

Result<Command> parse_command_line(std::string_view name, std::span<const std::string> arguments) {
    CLI::App app("", "kurabe");
    app.set_help_flag("--help", "print this help and exit");
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.require_subcommand(1);
    ServeCommand serve;
    DemoCommand demo;
    CLI::App* serve_app = app.add_subcommand("serve", "serve pages and graphs, collect, store");
    CLI::App* demo_app =
        app.add_subcommand("demo", "make invented hosts: DIR/kurabe.yml and DIR/data");
    ExportCommand exported;
    ImportCommand imported;
    CLI::App* export_app = app.add_subcommand("export", "write series as files of RRDtool");
    CLI::App* import_app = app.add_subcommand("import", "take files of RRDtool as series");
    describe_export(*export_app, exported);
    describe_import(*import_app, imported);
    CheckCommand check;
    BackupCommand backup;
    CLI::App* check_app = app.add_subcommand("check", "look at every archive of a data directory");
    CLI::App* backup_app = app.add_subcommand("backup", "copy a data directory, also one in use");
    RetentionCommand retention;
    RetireCommand retire;
    CLI::App* retention_app =
        app.add_subcommand("retention", "tell or change steps and rings of hosts");
    CLI::App* retire_app = app.add_subcommand("retire", "remove series that have been silent");
    describe_retention(*retention_app, retention);
    describe_retire(*retire_app, retire);
    describe_check(*check_app, check);
    describe_backup(*backup_app, backup);
    CollectingCommands collecting(app);
    PluginCommands plugins(app);
    ConfigCommands configs(app);
    AccessCommands access(app);
    describe_serve(*serve_app, serve);
    describe_demo(*demo_app, demo);

    std::vector<std::string> words(arguments.rbegin(), arguments.rend());  // CLI11's order
    words.emplace_back(name);
    try {
        app.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        return TextCommand{app.get_subcommands().front()->help("kurabe")};
    } catch (const CLI::ParseError& error) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}; see 'kurabe {} --help'", complaint_of(app, error), name));
    }
    if (serve_app->parsed()) return serve;
    if (export_app->parsed()) return exported;
    if (import_app->parsed()) return imported;
    if (check_app->parsed()) return check;
    if (backup_app->parsed()) return backup;
    if (retention_app->parsed()) return retention;
    if (retire_app->parsed()) return retire;
    if (auto collects = collecting.parsed()) return *std::move(collects);
    if (auto tries = plugins.parsed()) return *std::move(tries);
    if (auto shows = configs.parsed()) return *std::move(shows);
    if (auto changes = access.parsed()) return *std::move(changes);
    return demo;
}

}  // namespace kurabe::cli
