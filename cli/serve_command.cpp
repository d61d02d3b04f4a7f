// `kurabe serve`: builds the parts, joins them, and takes them down in the right order.
#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "cli/collection.hpp"
#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "cli/own_metrics.hpp"
#include "cli/serve_exec.hpp"
#include "cli/serve_munin.hpp"
#include "cli/serve_plugins.hpp"
#include "cli/serve_resp.hpp"
#include "cli/serve_scripts.hpp"
#include "cli/serve_snmp.hpp"
#include "cli/serve_ssh.hpp"
#include "cli/stop_signal.hpp"
#include "collectors/demo_fleet.hpp"
#include "collectors/local.hpp"
#include "collectors/schedule.hpp"
#include "server/config.hpp"
#include "server/http_server.hpp"
#include "server/ingest.hpp"
#include "server/line_check.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "server/plugin_definition.hpp"
#include "server/site.hpp"
#include "store/data_directory.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

namespace {

constexpr store::Seconds kOwnInterval{60};
constexpr store::Seconds kCheckpointInterval{300};
constexpr store::Seconds kDamageInterval{10};
// The rest of the interval is for a disk that is slow.
constexpr std::chrono::minutes kCheckpointDuration{4};

// The configuration with what it names: everything that can be wrong before anything starts.
struct Loaded {
    server::Config config;
    server::PluginCatalogue plugins;
};

Result<Loaded> load(const std::filesystem::path& file) {
    auto config = server::load_config(file);
    if (!config) {
        return fail(ErrorCode::kInvalid, config.error().message);
    }
    auto plugins = server::PluginCatalogue::load(config->plugin_dirs);
    if (!plugins) {
        return fail(ErrorCode::kInvalid, plugins.error().message);
    }
    for (std::string& wrong : server::wrong_lines(*config, *plugins)) {
        config->warnings.push_back(std::move(wrong));
    }
    return Loaded{std::move(*config), std::move(*plugins)};
}

// What a started server is made of, in the order in which the parts need each other.
struct Parts {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<server::Metadata> metadata;
    std::unique_ptr<server::Ingest> ingest;
    std::unique_ptr<server::UnlistedHosts> unlisted;
    std::unique_ptr<server::PushedSeries> pushed_series;
    std::unique_ptr<server::LineIntake> intake;
    std::unique_ptr<server::Site> site;
    std::unique_ptr<server::HttpServer> http;
    std::vector<std::unique_ptr<Collection>> collections;  // from other machines
    std::unique_ptr<collectors::Schedule> tasks;
    std::unique_ptr<collectors::Schedule> checkpoints;  // apart, because one takes minutes
    std::stop_source checkpoint_stop;
    std::set<std::string> told_damage;  // hosts and reasons that are in the log
    bool only_draws = false;            // on a read-only file system
};

// Those that last, of agents and with hosts.
std::size_t lasting_connections(const ServeCommand& command, const server::Config& config) {
    std::size_t connections = command.resp ? resp_connections_max() : 0;
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

Result<void> open_data(Parts& parts, const std::filesystem::path& directory,
                       store::StoreOptions options) {
    parts.only_draws = store::is_on_read_only_file_system(directory);
    if (parts.only_draws) options.access = store::StoreOptions::Access::kRead;
    auto opened = store::Store::open(directory, options);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    parts.store = std::move(*opened);
    auto metadata = server::Metadata::open(
        directory / "metadata.sqlite",
        parts.only_draws ? server::Metadata::Access::kRead : server::Metadata::Access::kWrite);
    if (!metadata) {
        return std::unexpected(metadata.error());
    }
    parts.metadata = std::move(*metadata);
    return {};
}

std::map<store::Seconds, std::vector<std::string>> addresses_collected_by(
    const server::Config& config, server::CollectMethod method) {
    std::map<store::Seconds, std::vector<std::string>> addresses;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect == method) addresses[place.host->interval].push_back(address);
    }
    return addresses;
}

// Errors of a report are in the log already; the next tick tries again.
void accept(server::Ingest& ingest, const collectors::Report& report, store::Seconds interval) {
    (void)ingest.accept(report, interval);
}

using Task = std::function<void(store::Time)>;

// Want of memory in one run of a task must not end the server.
Task guarded(server::Log& log, Task run) {
    return [&log, run = std::move(run)](store::Time tick) {
        try {
            run(tick);
        } catch (const std::exception& exception) {
            log.error("task failed", {{"reason", exception.what()}});
        }
    };
}

// Samples have the time at which they were read, and not that of the tick: after a slow task it may
// be much later, and a counter's rate would be wrong.
void schedule_local(Parts& parts, const server::Config& config, const Environment& environment,
                    server::Log& log) {
    for (const auto& [interval, addresses] :
         addresses_collected_by(config, server::CollectMethod::kLocal)) {
        const Task collect = [&ingest = *parts.ingest, pace = interval, hosts = addresses,
                              now = environment.now](store::Time) {
            for (const std::string& address : hosts) {
                accept(ingest, collectors::collect_local("/", address, now()), pace);
            }
        };
        parts.tasks->add({.interval = interval, .at_once = true, .run = guarded(log, collect)});
    }
}

void schedule_demo(Parts& parts, const server::Config& config, server::Log& log) {
    const auto by_interval = addresses_collected_by(config, server::CollectMethod::kDemo);
    if (by_interval.empty() || !config.demo) return;
    auto fleet = std::make_shared<const collectors::DemoFleet>(*config.demo);
    for (const auto& [interval, addresses] : by_interval) {
        const Task collect = [&ingest = *parts.ingest, fleet, pace = interval,
                              hosts = addresses](store::Time tick) {
            for (const std::string& address : hosts) {
                const auto host = fleet->find(address);
                const auto report = host ? fleet->report(*host, tick) : std::nullopt;
                if (report) accept(ingest, *report, pace);
            }
        };
        parts.tasks->add({.interval = interval, .run = guarded(log, collect)});
    }
}

void schedule_own(Parts& parts, const server::Config& config, const Environment& environment,
                  server::Log& log) {
    auto addresses = own_addresses(config);
    if (addresses.empty()) return;
    const Task report = [&parts, addresses, now = environment.now, started = environment.now(),
                         is_first = true](store::Time) mutable {
        for (collectors::Report& own :
             own_reports(addresses, parts.collections, parts.ingest->numbers(), started, now())) {
            if (is_first) begin_counters_anew(own);
            accept(*parts.ingest, own, kOwnInterval);
        }
        is_first = false;
    };
    parts.tasks->add({.interval = kOwnInterval, .at_once = true, .run = guarded(log, report)});
}

// Rows with wrong checksums are found when they are read: each host is told once.
void tell_damage(const store::Store& store, std::set<std::string>& told, server::Log& log) {
    for (const store::DamagedArchive& damaged : store.damaged()) {
        if (!told.insert(damaged.host + damaged.reason).second) continue;
        log.error("archive is damaged", {{"host", damaged.host}, {"reason", damaged.reason}});
    }
}

void schedule_damage(Parts& parts, server::Log& log) {
    const Task tell = [&store = *parts.store, &told = parts.told_damage, &log](store::Time) {
        tell_damage(store, told, log);
    };
    parts.tasks->add({.interval = kDamageInterval, .run = guarded(log, tell)});
}

void schedule_checkpoints(Parts& parts, server::Log& log) {
    const Task checkpoint = [&store = *parts.store, stop = parts.checkpoint_stop.get_token(),
                             &log](store::Time) {
        if (const auto written = store.checkpoint(kCheckpointDuration, stop); !written) {
            log.error("checkpoint failed", {{"reason", written.error().message}});
        }
    };
    parts.checkpoints->add({.interval = kCheckpointInterval, .run = guarded(log, checkpoint)});
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

void make_intake(Parts& parts, const server::Config& config, const Environment& environment,
                 server::Log& log) {
    const auto is_listed = [&config](std::string_view host) { return config.hosts.contains(host); };
    const auto interval_of = [&config](std::string_view host) { return config.interval_of(host); };
    parts.unlisted = std::make_unique<server::UnlistedHosts>(is_listed, parts.store->hosts(),
                                                             config.unlisted_hosts);
    parts.pushed_series = std::make_unique<server::PushedSeries>(*parts.store, is_listed);
    parts.intake = std::make_unique<server::LineIntake>(*parts.ingest, config.senders, log,
                                                        environment.now, parts.unlisted.get(),
                                                        parts.pushed_series.get(), interval_of);
}

// Everything that can be wrong with them is found here, before the server listens.
Result<void> prepare_collections(Parts& parts, const ServeCommand& command, const Loaded& loaded,
                                 const Environment& environment, server::Log& log) {
    auto ssh = prepare_ssh(loaded.config, environment, *parts.ingest, log);
    if (!ssh) return std::unexpected(ssh.error());
    if (*ssh) parts.collections.push_back(*std::move(ssh));
    auto snmp = prepare_snmp(loaded.config, loaded.plugins, environment, *parts.ingest, log);
    if (!snmp) return std::unexpected(snmp.error());
    if (*snmp) parts.collections.push_back(*std::move(snmp));
    auto munin = prepare_munin(loaded.config, environment, *parts.store, *parts.ingest, log);
    if (!munin) return std::unexpected(munin.error());
    if (*munin) parts.collections.push_back(*std::move(munin));
    for (const Fetches what : {Fetches::kServices, Fetches::kProbes}) {
        auto plugins =
            prepare_plugins(what, loaded.config, loaded.plugins, environment, *parts.ingest, log);
        if (!plugins) return std::unexpected(plugins.error());
        if (*plugins) parts.collections.push_back(*std::move(plugins));
    }
    auto programs = prepare_exec(loaded.config, environment, *parts.ingest, log);
    if (!programs) return std::unexpected(programs.error());
    if (*programs) parts.collections.push_back(*std::move(programs));
    auto scripts = prepare_scripts(loaded.config, loaded.plugins, environment, *parts.metadata,
                                   *parts.ingest, log);
    if (scripts) parts.collections.push_back(std::move(scripts));
    if (command.resp && !parts.only_draws) {
        auto resp = RespCollection::prepare(*command.resp, *parts.intake, log);
        if (!resp) return std::unexpected(resp.error());
        parts.collections.push_back(*std::move(resp));
    } else if (command.resp) {
        log.warning("not listening for agents: the data directory is read-only",
                    {{"resp", *command.resp}});
    }
    return {};
}

Result<void> serve_pages(Parts& parts, const server::ListenAddress& listen,
                         const Environment& environment, const Loaded& loaded, server::Log& log) {
    parts.site = std::make_unique<server::Site>(
        server::SiteParts{.config = loaded.config,
                          .plugins = loaded.plugins,
                          .store = *parts.store,
                          .metadata = *parts.metadata,
                          .log = log,
                          .zone = environment.zone,
                          .now = environment.now,
                          .intake = parts.only_draws ? nullptr : parts.intake.get()});
    server::Site& site = *parts.site;
    auto http = server::HttpServer::start(
        {.listen = listen,
         .body_rule = [&site](const auto& head,
                              auto length) { return site.decide_body(head, length); }},
        [&site](const server::Request& request) { return site.answer(request); }, log);
    if (!http) return std::unexpected(http.error());
    parts.http = *std::move(http);
    return {};
}

Result<void> start(Parts& parts, const ServeCommand& command, const Environment& environment,
                   const Loaded& loaded, server::Log& log) {
    const auto listen = server::parse_listen_address(command.listen);
    if (!listen) {
        return std::unexpected(listen.error());
    }
    const std::filesystem::path data = command.data.value_or(loaded.config.data_dir);
    const bool is_new = !store::is_data_directory(data);
    if (auto opened = open_data(parts, data, store_options(command, loaded.config, environment));
        !opened) {
        return opened;
    }
    // So it looks, too, when a disk is not mounted or a path is misspelt.
    if (is_new) log.info("new data directory", {{"directory", data.string()}});
    tell_recovery(parts.store->recovery(), log);
    name_unusable_archives(*parts.store, parts.told_damage, log);
    parts.ingest =
        std::make_unique<server::Ingest>(*parts.store, *parts.metadata, log, environment.now);
    make_intake(parts, loaded.config, environment, log);
    if (auto prepared = prepare_collections(parts, command, loaded, environment, log); !prepared) {
        return prepared;
    }
    if (auto served = serve_pages(parts, *listen, environment, loaded, log); !served) return served;
    parts.tasks = std::make_unique<collectors::Schedule>(environment.now);
    parts.checkpoints = std::make_unique<collectors::Schedule>(environment.now);
    schedule_damage(parts, log);
    if (parts.only_draws) {
        log.warning(
            "the data directory is read-only: graphs of what is there, nothing is collected");
    } else {
        schedule_local(parts, loaded.config, environment, log);
        schedule_demo(parts, loaded.config, log);
        schedule_own(parts, loaded.config, environment, log);
        schedule_checkpoints(parts, log);
        for (const auto& collection : parts.collections) collection->start();
    }
    parts.tasks->start();
    parts.checkpoints->start();
    log.info("listening", {{"address", listen->address + ":" + std::to_string(parts.http->port())},
                           {"hosts", std::to_string(loaded.config.hosts.size())},
                           {"config", loaded.config.file.string()}});
    return {};
}

// New requests and new samples first, so that the last checkpoint holds everything.
Result<void> stop(Parts& parts) {
    parts.http->stop();
    for (const auto& collection : parts.collections) collection->stop();
    parts.tasks->stop();
    parts.checkpoint_stop.request_stop();
    parts.checkpoints->stop();
    return parts.store->close();
}

}  // namespace

Result<void> run_serve(const ServeCommand& command, const Environment& environment) {
    const auto loaded = load(command.config);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    server::Log log(STDERR_FILENO, server::LogLevel::kInfo);
    for (const std::string& warning : loaded->config.warnings) {
        log.warning(warning);
    }
    const StopSignal stop_signal;
    Parts parts;
    if (auto started = start(parts, command, environment, *loaded, log); !started) {
        return started;
    }
    log.info("stopping", {{"signal", std::string(stop_signal.wait())}});
    auto stopped = stop(parts);
    if (stopped) {
        log.info("stopped");
    }
    return stopped;
}

}  // namespace kurabe::cli
