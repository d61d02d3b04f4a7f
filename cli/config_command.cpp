// `kurabe config check` and `kurabe config dump`: what a configuration says, and what is wrong with
// it. The tables are those of Kurado's kurado_config.
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/loaded_config.hpp"
#include "cli/serve_access.hpp"
#include "cli/serve_snmp.hpp"
#include "collectors/secret_file.hpp"
#include "render/text_columns.hpp"
#include "server/collected_line.hpp"
#include "server/config_json.hpp"
#include "server/kurado_scripts.hpp"
#include "server/tls.hpp"
#include "store/counted.hpp"

namespace kurabe::cli {

namespace {

struct Row {
    std::string name;
    std::string value;
};

std::string padded(std::string_view text, std::size_t columns) {
    std::string wide(text);
    wide.append(columns - std::min(columns, render::text_columns(text)), ' ');
    return wide;
}

// Columns are as wide on a terminal as their widest text, Japanese ones too.
void write_table(std::string_view title, const Row& heads, const std::vector<Row>& rows,
                 rrdtool::Output& out) {
    std::size_t columns = render::text_columns(heads.name);
    std::size_t value_columns = render::text_columns(heads.value);
    for (const Row& row : rows) {
        columns = std::max(columns, render::text_columns(row.name));
        value_columns = std::max(value_columns, render::text_columns(row.value));
    }
    out.write(fmt::format("{}\n", title));
    out.write(fmt::format(" {} | {}\n", padded(heads.name, columns), heads.value));
    out.write(fmt::format("{:-<{}}+{:-<{}}\n", "", columns + 2, "", value_columns + 2));
    for (const Row& row : rows) {
        out.write(fmt::format(" {} | {}\n", padded(row.name, columns), row.value));
    }
}

std::vector<Row> hosts_of(const server::Config& config) {
    std::vector<Row> rows;
    for (const server::Service& service : config.services) {
        std::size_t count = 0;
        for (const server::Section& section : service.sections) count += section.hosts.size();
        rows.push_back({service.name, std::to_string(count)});
    }
    return rows;
}

// "view", "fetch" or both, as Kurado says; a plugin that nobody describes is drawn by names.
std::string use_of(const server::PluginLine& line, const LoadedConfig& loaded) {
    if (server::is_collected(line.name)) return "fetch";
    if (const auto* const plugin = loaded.plugins.find(line.page_name())) {
        const bool is_fetched = plugin->recipe() != nullptr;
        if (!plugin->has_graphs()) return is_fetched ? "fetch" : "by names";
        return is_fetched ? "view, fetch" : "view";
    }
    const auto scripts = server::find_scripts(loaded.config.plugin_dirs, line.name);
    if (!scripts) return "by names";
    if (!scripts->fetch) return "view (Perl)";
    return scripts->view ? "view, fetch (Perl)" : "fetch (Perl)";
}

std::vector<Row> plugins_of(const LoadedConfig& loaded) {
    std::map<std::string, std::string> uses;
    for (const auto& [address, place] : loaded.config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            uses.try_emplace(line.name, use_of(line, loaded));
        }
    }
    std::vector<Row> rows;
    for (const auto& [name, use] : uses) rows.push_back({name, use});
    return rows;
}

// As whom the server runs, when root asks: whose the data are. None when they are root's, too.
std::optional<uid_t> user_of_service(const std::filesystem::path& data) {
    struct stat status{};
    if (::geteuid() != 0 || ::stat(data.c_str(), &status) != 0 || status.st_uid == 0) return {};
    return status.st_uid;
}

// Of the hosts that are asked. A server's environment is not ours: what a file has from there is
// taken to be right.
Result<void> check_collectors_files(const server::Config& config, const Environment& environment,
                                    std::optional<uid_t> user) {
    const auto asks_by = [&config](server::CollectMethod method) {
        return std::ranges::any_of(
            config.hosts, [method](const auto& one) { return one.second.host->collect == method; });
    };
    if (config.ssh.identity && asks_by(server::CollectMethod::kSsh)) {
        const auto identity =
            collectors::open_secret_file(*config.ssh.identity, environment.credentials, user);
        if (!identity) return std::unexpected(identity.error());
    }
    if (!asks_by(server::CollectMethod::kSnmp)) return {};
    const auto ask = [&environment](const std::string& name) {
        if (name != server::kCredentialsDirectory)
            return std::optional<std::string>("unknown here");
        if (!environment.credentials) return std::optional<std::string>();
        return std::optional<std::string>(environment.credentials->native());
    };
    const auto credentials = load_credentials(config, ask, user);
    if (!credentials) return std::unexpected(credentials.error());
    return {};
}

// Those that a server reads when it begins.
Result<void> check_secret_files(const server::Config& config, const std::filesystem::path& data,
                                const Environment& environment) {
    server::Log log(STDERR_FILENO, server::LogLevel::kError);
    const auto user = user_of_service(data);
    const auto access = open_access(config, data, environment, log, user);
    if (!access) return std::unexpected(access.error());
    if (config.serving.tls) {
        const auto identity =
            server::TlsIdentity::load(*config.serving.tls, environment.credentials, user);
        if (!identity) return std::unexpected(identity.error());
    }
    return check_collectors_files(config, environment, user);
}

}  // namespace

Result<void> run_config_check(const ConfigCheckCommand& command, const Environment& environment,
                              rrdtool::Output& out) {
    const auto loaded = load_config(command.file);
    if (!loaded) return std::unexpected(loaded.error());
    const server::Config& config = loaded->config;
    const auto data = command.data.value_or(config.data_dir);
    if (auto checked = check_secret_files(config, data, environment); !checked) return checked;
    for (const std::string& warning : config.warnings) fmt::print(stderr, "{}\n", warning);
    out.write(fmt::format("{}: {}, {}, {}\n", config.file.native(),
                          store::counted(config.services.size(), "service", "services"),
                          store::counted(config.hosts.size(), "host", "hosts"),
                          store::counted(config.warnings.size(), "warning", "warnings")));
    return {};
}

Result<void> run_config_dump(const ConfigDumpCommand& command, rrdtool::Output& out) {
    const auto loaded = load_config(command.file);
    if (!loaded) return std::unexpected(loaded.error());
    if (command.as_json) {
        out.write(server::config_to_json(loaded->config));
        return {};
    }
    write_table("REGISTERED HOSTS", {"service", "hosts"}, hosts_of(loaded->config), out);
    out.write("\n");
    write_table("LOADED PLUGINS", {"plugin", "view/fetch"}, plugins_of(*loaded), out);
    return {};
}

}  // namespace kurabe::cli
