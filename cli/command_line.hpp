// The arguments of the whole program's commands as plain data: one struct per command.
// The command line is a public contract; `kurabe --help` describes it. Wraps CLI11, with
// access_command_line.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/line_sender.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "cli/series_naming.hpp"
#include "collectors/munin/ssh_command.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

inline constexpr const char* kDefaultListen = "127.0.0.1:5434";

// `kurabe serve`
struct ServeCommand {
    std::filesystem::path config;               // empty: none, with rrd_dir
    std::optional<std::filesystem::path> data;  // none: the configuration's data_dir
    // Of files that are shown in place of the data directory's archives.
    std::optional<std::filesystem::path> rrd_dir;
    double commit_interval = 1;  // seconds; 0: before samples are acknowledged
    std::string listen = kDefaultListen;
    std::optional<std::string> resp;      // where Kurado's agents push; none: nowhere
    std::optional<std::string> graphite;  // where Graphite's clients do
    // In place of the configuration's; the first two go together.
    std::optional<std::filesystem::path> tls_certificate;
    std::optional<std::filesystem::path> tls_key;
    std::optional<std::filesystem::path> access_log;
};

// `kurabe demo DIR`
struct DemoCommand {
    std::filesystem::path directory;
    int hosts = 120;
    int days = 2;
    std::uint64_t seed = 1;
};

// `kurabe export SERIES|HOST FILE|DIR`
struct ExportCommand {
    SeriesPlace place;
    std::string what;
    std::string target;
};

// `kurabe import FILE|DIR ... --data DIR`
struct ImportCommand {
    std::vector<std::string> paths;
    std::filesystem::path data;
    GivenNames names;
};

// `kurabe check DIR`
struct CheckCommand {
    std::filesystem::path directory;
    bool repairs = false;
};

// `kurabe retention DIR [HOST...] [--rings RINGS [--really]]`
struct RetentionCommand {
    std::filesystem::path directory;
    std::vector<std::string> hosts;    // none: all
    std::optional<std::string> rings;  // none: tell what they are
    bool really = false;
};

// `kurabe retire DIR [HOST...] --silent DURATION [--really]`
struct RetireCommand {
    std::filesystem::path directory;
    std::vector<std::string> hosts;  // none: all
    std::string silent;
    bool really = false;
};

// `kurabe backup DIR TARGET`
struct BackupCommand {
    std::filesystem::path directory;
    std::filesystem::path target;
};

// `kurabe collect local`
struct CollectLocalCommand {
    std::optional<LineServer> server;  // none: standard output
    std::optional<std::string> host;   // none: as the server sees it, or the system's name
    int interval = 60;                 // seconds
    bool once = false;
};

// `kurabe collect ssh [USER@]HOST[:PORT]...`
struct CollectSshCommand {
    std::vector<std::string> targets;
    std::optional<LineServer> server;  // none: standard output
    std::optional<std::filesystem::path> identity;
    std::optional<std::filesystem::path> known_hosts;
    std::optional<std::filesystem::path> config;
    double deadline = 10;  // seconds
    int interval = 60;     // seconds
    bool once = false;
    bool prints_forced_command = false;
};

// `kurabe collect plugin LINE HOST...`
struct CollectPluginCommand {
    std::string line;
    std::vector<std::string> hosts;
    std::optional<std::filesystem::path> config;  // plugin files and metrics_config
    double deadline = 10;                         // seconds
    int interval = 60;                            // seconds
    std::optional<LineServer> server;             // none: standard output
    bool once = false;
};

// `kurabe config check FILE`
struct ConfigCheckCommand {
    std::filesystem::path file;
    std::optional<std::filesystem::path> data;  // none: the configuration's
};

// `kurabe config dump FILE`
struct ConfigDumpCommand {
    std::filesystem::path file;
    bool as_json = false;
};

// `kurabe plugin list`
struct PluginListCommand {
    std::optional<std::filesystem::path> config;
};

// `kurabe plugin test LINE HOST`
struct PluginTestCommand {
    std::string line;
    std::string host;
    std::optional<std::filesystem::path> config;
};

// `kurabe collect snmp HOST[:PORT]... --credentials FILE`
struct CollectSnmpCommand {
    std::vector<std::string> targets;
    std::filesystem::path credentials;
    std::optional<LineServer> server;  // none: standard output
    std::vector<std::string> parts;    // "if", "hr", "ucd"; none: all
    double deadline = 10;              // seconds
    int interval = 60;                 // seconds
    bool once = false;
};

// `kurabe agent --server URL`
struct AgentCommand {
    LineServer server;
    std::optional<std::filesystem::path> spool;   // none: in memory
    std::optional<std::filesystem::path> conf_d;  // none: no plugins
    std::optional<std::string> host;              // none: as the server sees it
    int interval = 60;                            // seconds
    int max_delay = 0;                            // seconds
};

// `kurabe collect munin HOST[:PORT]...`
struct CollectMuninCommand {
    std::vector<std::string> targets;
    std::string ssh_command{collectors::munin::kUsualSshCommand};  // of targets over SSH
    std::optional<std::filesystem::path> identity;
    std::optional<std::filesystem::path> known_hosts;
    std::optional<std::filesystem::path> config;
    double deadline = 30;              // seconds
    int interval = 60;                 // seconds
    std::optional<LineServer> server;  // none: standard output
    bool once = false;
};

// What stands in the data directory of a configuration's server.
struct ServerPlace {
    std::filesystem::path config;
    std::optional<std::filesystem::path> data;  // none: the configuration's data_dir
};

// `kurabe token create NAME`
struct TokenCreateCommand {
    ServerPlace place;
    std::string name;
    bool reads = false;
    bool writes = false;
    std::vector<std::string> hosts;      // patterns; none: all
    std::optional<std::string> expires;  // after so long; none: never
};

// `kurabe token list`
struct TokenListCommand {
    ServerPlace place;
};

// `kurabe token revoke NAME`
struct TokenRevokeCommand {
    ServerPlace place;
    std::string name;
};

// `kurabe user set NAME --users FILE`, and `remove`
struct UserSetCommand {
    std::filesystem::path users;
    std::string name;
};
struct UserRemoveCommand {
    std::filesystem::path users;
    std::string name;
};

// `kurabe user list --users FILE`
struct UserListCommand {
    std::filesystem::path users;
};

// `kurabe sign URL`
struct SignCommand {
    ServerPlace place;
    std::string url;
    std::string expires = "30d";
};

// `kurabe COMMAND --help`: a text to print.
struct TextCommand {
    std::string text;
};

using Command =
    std::variant<ServeCommand, DemoCommand, ExportCommand, ImportCommand, CheckCommand,
                 BackupCommand, RetentionCommand, RetireCommand, CollectLocalCommand,
                 CollectSshCommand, CollectSnmpCommand, CollectMuninCommand, CollectPluginCommand,
                 ConfigCheckCommand, ConfigDumpCommand, PluginListCommand, PluginTestCommand,
                 AgentCommand, TokenCreateCommand, TokenListCommand, TokenRevokeCommand,
                 UserSetCommand, UserRemoveCommand, UserListCommand, SignCommand, TextCommand>;

// kInvalid with one line for anything that is not understood. `name` is a command's.
[[nodiscard]] Result<Command> parse_command_line(std::string_view name,
                                                 std::span<const std::string> arguments);

}  // namespace kurabe::cli
