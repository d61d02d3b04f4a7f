// `kurabe serve`: builds the parts, joins them, follows the configuration as it changes, and takes
// all down in the right order.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/loaded_config.hpp"
#include "cli/log_reader.hpp"
#include "cli/open_files.hpp"
#include "cli/serve_access.hpp"
#include "cli/serve_core.hpp"
#include "cli/serve_generation.hpp"
#include "cli/serve_reach.hpp"
#include "cli/serve_rrd_tree.hpp"
#include "cli/serve_tasks.hpp"
#include "cli/serve_tcp.hpp"
#include "cli/service_manager.hpp"
#include "cli/source_watch.hpp"
#include "cli/stop_signal.hpp"
#include "collectors/schedule.hpp"
#include "server/graphite/protocol.hpp"
#include "server/http_error.hpp"
#include "server/http_server.hpp"
#include "server/resp/protocol.hpp"
#include "store/counted.hpp"
#include "store/data_directory.hpp"
#include "store/guarded.hpp"

namespace kurabe::cli {

namespace {

constexpr store::Seconds kCheckpointInterval{300};
constexpr store::Seconds kDamageInterval{10};
constexpr store::Seconds kNumbersInterval{60};
// A connection holds one while it sends its request or is kept for the next, so there are more than
// a few hundred slow ones take; those that wait cost 25 kB each.
constexpr int kHttpThreads = 256;
// Clients that write every quarter of an hour notice a closed connection by losing a line.
constexpr std::chrono::milliseconds kGraphiteSilenceMax{3'600'000};
// The rest of the interval is for a disk that is slow.
constexpr std::chrono::minutes kCheckpointDuration{4};
constexpr std::chrono::seconds kLook{1};             // at the configuration's files
constexpr std::chrono::seconds kWindingDownMax{90};  // of what a generation has begun

using Generation = std::shared_ptr<ServeGeneration>;

// A generation that ends what it has begun.
struct Ending {
    Generation generation;
    std::chrono::steady_clock::time_point given_up;
};

// What a started server is made of, in the order in which the parts need each other.
struct Parts {
    Parts(const ServeCommand& command, const Environment& environment, server::Log& log)
        : core{.command = command, .environment = environment, .log = log} {}

    ServeCore core;
    store::Guarded<Generation> current;  // at work
    std::vector<Ending> ending;
    std::unique_ptr<server::HttpServer> http;
    std::vector<std::unique_ptr<TcpListener>> listeners;
    std::unique_ptr<collectors::Schedule> looks;
    std::unique_ptr<collectors::Schedule> checkpoints;  // apart, because one takes minutes
    std::stop_source checkpoint_stop;
    std::set<std::string> told_damage;  // hosts and reasons that are in the log
    SourceWatch sources;
    ServiceManager manager;

    [[nodiscard]] Generation generation() const { return *current.lock_shared(); }
};

// Those that last, of agents and with hosts.
std::size_t lasting_connections(const ServeCommand& command, const server::Config& config) {
    std::size_t connections = command.resp ? tcp_connections_max() : 0;
    connections += command.graphite ? tcp_connections_max() : 0;
    for (const auto& [address, place] : config.hosts) {
        connections += place.host->collect == server::CollectMethod::kSsh ? 1 : 0;
    }
    return connections;
}

store::StoreOptions store_options(const ServeCommand& command, const server::Config& config,
                                  const Environment& environment) {
    store::StoreOptions options;
    options.commit_interval = std::chrono::round<std::chrono::milliseconds>(
        std::chrono::duration<double>(command.commit_interval));
    options.now = environment.now;
    options.open_archives_max = open_archives_max(lasting_connections(command, config));
    return options;
}

Result<void> open_data(ServeCore& core, const std::filesystem::path& directory,
                       store::StoreOptions options) {
    core.only_draws = store::is_on_read_only_file_system(directory);
    if (core.only_draws) options.access = store::StoreOptions::Access::kRead;
    auto opened = store::Store::open(directory, options);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    core.store = std::move(*opened);
    return open_metadata(core, directory / "metadata.sqlite");
}

// Rows with wrong checksums are found when they are read: each host is told once.
void tell_damage(const store::Store& store, std::set<std::string>& told, server::Log& log) {
    for (const store::DamagedArchive& damaged : store.damaged()) {
        if (!told.insert(damaged.host + damaged.reason).second) continue;
        log.error("archive is damaged", {{"host", damaged.host}, {"reason", damaged.reason}});
    }
}

void schedule_damage(Parts& parts) {
    server::Log& log = parts.core.log;
    const Task tell = [&store = *parts.core.store, &told = parts.told_damage, &log](store::Time) {
        tell_damage(store, told, log);
    };
    parts.looks->add({.interval = kDamageInterval, .run = guarded(log, tell)});
}

void schedule_checkpoints(Parts& parts) {
    server::Log& log = parts.core.log;
    const Task checkpoint = [&store = *parts.core.store, stop = parts.checkpoint_stop.get_token(),
                             &state = parts.core.checkpoints, &now = parts.core.environment.now,
                             &log](store::Time) {
        const auto written = store.checkpoint(kCheckpointDuration, stop);
        if (written) {
            ++state.succeeded;
            state.last_success = now().time_since_epoch().count();
        } else {
            ++state.failed;
            log.error("checkpoint failed", {{"reason", written.error().message}});
        }
    };
    parts.checkpoints->add({.interval = kCheckpointInterval, .run = guarded(log, checkpoint)});
}

void schedule_numbers(Parts& parts) {
    const Task write = [&numbers = *parts.core.numbers](store::Time tick) { numbers.write(tick); };
    parts.looks->add({.interval = kNumbersInterval, .run = guarded(parts.core.log, write)});
}

// What the last process had not written when it ended without being asked to.
void tell_recovery(const store::Recovery& recovery, server::Log& log) {
    if (recovery.records > 0) {
        log.info("recovered from the journal", {{"batches", std::to_string(recovery.records)},
                                                {"samples", std::to_string(recovery.samples)}});
    }
    for (const std::string& complaint : recovery.complaints) {
        log.error("not recovered from the journal", {{"reason", complaint}});
    }
}

// Archives are opened when they are first used; opening all of them once finds those that are
// damaged or cannot be read before anybody looks at a page.
void name_unusable_archives(const store::Store& store, std::set<std::string>& told,
                            server::Log& log) {
    for (const std::string& host : store.hosts()) {
        if (const auto series = store.series(host); !series) {
            told.insert(host + series.error().message);
            log.error("archive cannot be used",
                      {{"host", host}, {"reason", series.error().message}});
        }
    }
}

void warn_of(const LoadedConfig& loaded, server::Log& log) {
    for (const std::string& warning : loaded.config.warnings) log.warning(warning);
}

void follow_retentions(ServeCore& core, const server::Config& config) {
    Retentions retentions{.usual = config.retention};
    for (const auto& [address, place] : config.hosts) {
        const store::Retention& own = config.retention_of(address);
        if (own != config.retention) retentions.of_hosts.emplace(address, own);
    }
    *core.retentions.lock() = std::move(retentions);
}

// Only a stopped server's archives can be made anew.
void tell_other_retentions(const ServeCore& core, const server::Config& config,
                           const std::filesystem::path& data) {
    std::size_t others = 0;
    std::string first;
    for (const auto& [address, place] : config.hosts) {
        const auto now = core.store->retention(address);
        if (!now || now->rings == config.retention_of(address).rings) continue;
        if (others++ == 0) first = address;
    }
    if (others == 0) return;
    core.log.warning(
        fmt::format("{} other rings than 'retention' says: stop the server and give them these by "
                    "'kurabe retention {} HOST --rings {} --really'",
                    store::counted(others, "host has", "hosts have"), data.native(),
                    config.retention_of(first).text()),
        {{"first", first}});
}

bool holds_rrd_files(const std::filesystem::path& directory) {
    constexpr int kEntriesMax = 1000;  // that are looked at
    std::error_code error;
    std::filesystem::recursive_directory_iterator entries(
        directory, std::filesystem::directory_options::skip_permission_denied, error);
    for (int i = 0; !error && i < kEntriesMax && entries != end(entries); ++i) {
        if (entries->path().extension() == ".rrd") return true;
        entries.increment(error);
    }
    return false;
}

// So it looks, too, when a disk is not mounted or a path is misspelt, and where Kurado's data are.
void tell_new_directory(const std::filesystem::path& data, server::Log& log) {
    log.info("new data directory", {{"directory", data.string()}});
    if (!holds_rrd_files(data)) return;
    log.warning(
        fmt::format("{0} holds .rrd files, which are not shown: look at them with 'kurabe serve "
                    "--rrd-dir {0}', or take them over by 'kurabe import {0} --data DIR' and serve "
                    "that DIR",
                    data.native()));
}

// With the directory's data open.
Result<void> open_core(ServeCore& core, const std::filesystem::path& data,
                       const server::Config& config) {
    const bool is_new = !store::is_data_directory(data);
    auto options = store_options(core.command, config, core.environment);
    options.retention_of = [&core](std::string_view host) -> std::optional<store::Retention> {
        const auto retentions = core.retentions.lock_shared();
        const auto own = retentions->of_hosts.find(host);
        return own == retentions->of_hosts.end() ? retentions->usual : own->second;
    };
    follow_retentions(core, config);
    if (core.command.rrd_dir) {
        if (auto opened = open_rrd_tree(core, *core.command.rrd_dir, data); !opened) return opened;
    } else if (auto opened = open_data(core, data, options); !opened) {
        return opened;
    }
    if (is_new && core.tree == nullptr) tell_new_directory(data, core.log);
    core.ingest = std::make_unique<server::Ingest>(*core.store, *core.metadata, core.log,
                                                   core.environment.now);
    if (!core.only_draws) core.ingest->mark_reboots_in(*core.events);
    core.numbers = std::make_unique<server::StandingNumbers>(
        *core.store, *core.metadata, *core.ingest, core.log, core.environment.now);
    core.mackerel = std::make_unique<server::MackerelGraphs>(*core.metadata, core.log);
    core.started = core.environment.now();
    if (const auto heard = core.metadata->last_received()) {
        core.heard_before = *heard;
    } else {
        core.log.error("metadata unreadable", {{"reason", heard.error().message}});
    }
    return {};
}

// One more port, unless nothing can be stored.
Result<void> listen_for(Parts& parts, std::unique_ptr<server::tcp::Protocol> protocol,
                        const std::string& name, const std::string& address,
                        const server::tcp::Patience& patience) {
    if (parts.core.only_draws) {
        parts.core.log.warning(
            fmt::format("not listening for {}: the data directory is read-only", protocol->peers()),
            {{name, address}});
        return {};
    }
    auto port = TcpListener::prepare(address, name, std::move(protocol), patience, parts.core.log);
    if (!port) return std::unexpected(port.error());
    parts.listeners.push_back(*std::move(port));
    return {};
}

Result<void> listen_to_peers(Parts& parts) {
    const server::CurrentIntake intake = [&parts] {
        Generation generation = parts.generation();
        return std::shared_ptr<server::LineIntake>(generation, &generation->intake());
    };
    const ServeCommand& command = parts.core.command;
    Result<void> listening;
    if (command.resp) {
        listening = listen_for(parts, std::make_unique<server::resp::RespProtocol>(intake), "resp",
                               *command.resp, {});
    }
    if (!listening || !command.graphite) return listening;
    const auto prefixes = [&parts] {
        return parts.generation()->loaded().config.graphite_prefixes;
    };
    return listen_for(parts,
                      std::make_unique<server::graphite::GraphiteProtocol>(
                          intake, parts.core.environment.now, prefixes),
                      "graphite", *command.graphite, {.idle = kGraphiteSilenceMax});
}

// A request is answered by the generation that is at work when it comes.
Result<void> serve_pages(Parts& parts, const server::ListenAddress& listen,
                         std::shared_ptr<const server::TlsIdentity> identity) {
    const server::ServingConfig& serving = parts.generation()->loaded().config.serving;
    if (auto kept = keep_access_log(parts.core, serving); !kept) return kept;
    auto http = server::HttpServer::start(
        {.listen = listen,
         .threads = kHttpThreads,
         .traffic = &parts.core.traffic,
         .access_log = &parts.core.access_log,
         .identity = std::move(identity),
         .body_rule =
             [&parts](const auto& head, auto length) {
                 return parts.generation()->site().decide_body(head, length);
             }},
        [&parts](const server::Request& request) {
            return parts.generation()->site().answer(request);
        },
        parts.core.log);
    if (!http) return std::unexpected(http.error());
    parts.http = *std::move(http);
    return {};
}

Result<void> start(Parts& parts, LoadedConfig loaded) {
    ServeCore& core = parts.core;
    const auto listen = server::parse_listen_address(core.command.listen);
    if (!listen) return std::unexpected(listen.error());
    if (auto checked = check_access(loaded.config, *listen, core.log); !checked) return checked;
    auto identity = load_identity(core, loaded.config.serving);
    if (!identity) return std::unexpected(identity.error());
    const auto data = core.command.data.value_or(loaded.config.data_dir);
    const bool only_draws = core.command.rrd_dir || store::is_on_read_only_file_system(data);
    if (auto checked = check_ports(core.command, only_draws); !checked) return checked;
    if (auto opened = open_core(core, data, loaded.config); !opened) return opened;
    tell_recovery(core.store->recovery(), core.log);
    if (core.tree == nullptr) {
        tell_other_retentions(core, loaded.config, data);
        name_unusable_archives(*core.store, parts.told_damage, core.log);
    }
    auto generation = ServeGeneration::prepare(std::move(loaded), core);
    if (!generation) return std::unexpected(generation.error());
    *parts.current.lock() = *generation;
    if (auto listening = listen_to_peers(parts); !listening) return listening;
    if (auto served = serve_pages(parts, *listen, *std::move(identity)); !served) return served;
    parts.looks = std::make_unique<collectors::Schedule>(core.environment.now);
    parts.checkpoints = std::make_unique<collectors::Schedule>(core.environment.now);
    schedule_damage(parts);
    schedule_tree_looks(*parts.looks, core);
    if (core.only_draws && core.tree == nullptr) {
        core.log.warning(
            "the data directory is read-only: graphs of what is there, nothing is collected");
    } else if (!core.only_draws) {
        schedule_checkpoints(parts);
        schedule_numbers(parts);
        (*generation)->start();
    }
    for (const auto& listener : parts.listeners) listener->start();
    parts.looks->start();
    parts.checkpoints->start();
    const server::Config& config = (*generation)->loaded().config;
    core.log.info("listening",
                  {{"address", listen->address + ":" + std::to_string(parts.http->port())},
                   {"hosts", std::to_string(config.hosts.size())},
                   {"config", config.file.string()}});
    return {};
}

// What only a start can follow.
Result<void> check_same_data(const server::Config& now, const server::Config& next,
                             const ServeCommand& command) {
    if (command.data || now.data_dir == next.data_dir) return {};
    return fail(
        ErrorCode::kInvalid,
        fmt::format("{}: 'data_dir' is another now, {}; restart the server, or write {} again",
                    next.file.native(), next.data_dir.native(), now.data_dir.native()));
}

// A key that is misspelt must not open the doors: whoever means it says so.
Result<void> check_same_doors(const server::Config& now, const server::Config& next) {
    if (!now.access.is_stated || next.access.is_stated) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: 'access' is gone from 'config', so that everybody could look and "
                            "write; write 'access: {{ mode: open }}' if that is meant",
                            next.file.native()));
}

Result<Generation> next_generation(Parts& parts) {
    auto loaded = load_config(parts.core.command.config);
    if (!loaded) return std::unexpected(loaded.error());
    parts.sources.watch(sources_of(*loaded));
    const auto checked =
        check_same_data(parts.generation()->loaded().config, loaded->config, parts.core.command);
    if (!checked) return std::unexpected(checked.error());
    const auto closed = check_same_doors(parts.generation()->loaded().config, loaded->config);
    if (!closed) return std::unexpected(closed.error());
    const auto listen = server::parse_listen_address(parts.core.command.listen);
    if (!listen) return std::unexpected(listen.error());
    if (auto allowed = check_access(loaded->config, *listen, parts.core.log); !allowed) {
        return std::unexpected(allowed.error());
    }
    warn_of(*loaded, parts.core.log);
    return ServeGeneration::prepare(*std::move(loaded), parts.core);
}

// What the next generation's configuration says of the pages' port; nothing changes when it cannot.
Result<void> follow_serving(Parts& parts, const server::ServingConfig& serving) {
    auto identity = load_identity(parts.core, serving);
    if (!identity) return std::unexpected(identity.error());
    if (auto kept = keep_access_log(parts.core, serving); !kept) return kept;
    parts.http->show(*std::move(identity));
    return {};
}

// Its file may have been moved away, whatever became of the configuration.
void reopen_access_log(Parts& parts) {
    const auto kept = keep_access_log(parts.core, parts.generation()->loaded().config.serving);
    if (!kept) parts.core.log.error(kept.error().message);
}

// Goes on with the configuration as it is now or, when that cannot be followed, as before; then
// every page says so.
void reload(Parts& parts) {
    server::Log& log = parts.core.log;
    auto next = next_generation(parts);
    if (next) {
        const auto followed = follow_serving(parts, (*next)->loaded().config.serving);
        if (!followed) next = std::unexpected(followed.error());
    }
    if (!next) {
        log.error("configuration not followed", {{"reason", next.error().message}});
        parts.core.config_state.set_failure(server::client_text(next.error()));
        const LoadedConfig& followed = parts.generation()->loaded();
        parts.sources.watch(
            sources_after_failure(followed, parts.core.command.config,
                                  parts.core.command.data.value_or(followed.config.data_dir)));
        reopen_access_log(parts);
        return;
    }
    parts.core.config_state.set_failure({});
    follow_retentions(parts.core, (*next)->loaded().config);
    (*next)->start();
    Generation last = std::exchange(*parts.current.lock(), *next);
    last->wind_down();
    parts.ending.push_back({last, std::chrono::steady_clock::now() + kWindingDownMax});
    log.info("configuration reloaded",
             {{"hosts", std::to_string((*next)->loaded().config.hosts.size())},
              {"config", (*next)->loaded().config.file.string()}});
}

void end_those_that_are_idle(std::vector<Ending>& ending) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(ending, [now](const Ending& last) {
        if (!last.generation->is_idle() && now < last.given_up) return false;
        last.generation->stop();
        return true;
    });
}

// What the service manager shows.
std::string status_of(const Parts& parts) {
    const server::Config& config = parts.generation()->loaded().config;
    return fmt::format("{} on port {}{}", store::counted(config.hosts.size(), "host", "hosts"),
                       parts.http->port(),
                       parts.core.config_state.failure()
                           ? "; the configuration was changed and cannot be followed, see the log"
                           : "");
}

// Until a signal says that it is to end; its name.
std::string serve(Parts& parts, const StopSignal& signals) {
    parts.manager.ready(status_of(parts));
    while (true) {
        const auto signal = signals.wait_for(kLook);
        if (signal && *signal != kReloadSignal) return std::string(*signal);
        end_those_that_are_idle(parts.ending);
        parts.manager.alive();
        const bool has_changed = parts.sources.has_changed();
        if (!signal && !has_changed) continue;
        parts.manager.reloading();
        reload(parts);
        parts.manager.ready(status_of(parts));
    }
}

// New requests and new samples first, so that the last checkpoint holds everything.
Result<void> stop(Parts& parts) {
    parts.manager.stopping();
    parts.http->stop();
    for (const auto& listener : parts.listeners) listener->stop();
    for (const Ending& last : parts.ending) last.generation->stop();
    parts.generation()->stop();
    parts.looks->stop();
    parts.checkpoint_stop.request_stop();
    parts.checkpoints->stop();
    return parts.core.store->close();
}

}  // namespace

Result<void> run_serve(const ServeCommand& command, const Environment& environment) {
    server::Log log(STDERR_FILENO, server::LogLevel::kInfo, log_reader(STDERR_FILENO));
    Parts parts(command, environment, log);
    parts.sources.watch({command.config});
    auto loaded = load_config(command.config);
    if (!loaded) return std::unexpected(loaded.error());
    parts.sources.watch(sources_of(*loaded));
    warn_of(*loaded, log);
    const StopSignal signals;
    if (auto started = start(parts, *std::move(loaded)); !started) return started;
    log.info("stopping", {{"signal", serve(parts, signals)}});
    auto stopped = stop(parts);
    if (stopped) log.info("stopped");
    return stopped;
}

}  // namespace kurabe::cli
