// Prepares, starts and ends what follows a configuration.
#include "cli/serve_generation.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/serve_access.hpp"
#include "cli/serve_exec.hpp"
#include "cli/serve_metrics.hpp"
#include "cli/serve_munin.hpp"
#include "cli/serve_plugins.hpp"
#include "cli/serve_rrd_tree.hpp"
#include "cli/serve_scripts.hpp"
#include "cli/serve_snmp.hpp"
#include "cli/serve_ssh.hpp"
#include "cli/serve_tasks.hpp"

namespace kurabe::cli {

Result<std::shared_ptr<ServeGeneration>> ServeGeneration::prepare(LoadedConfig loaded,
                                                                  ServeCore& core) {
    std::shared_ptr<ServeGeneration> made(new ServeGeneration(std::move(loaded), core));
    made->make_intake();
    if (auto prepared = made->prepare_collections(); !prepared) {
        return std::unexpected(prepared.error());
    }
    if (auto opened = made->open_access(); !opened) return std::unexpected(opened.error());
    made->make_site();
    return made;
}

ServeGeneration::ServeGeneration(LoadedConfig loaded, ServeCore& core)
    : loaded_(std::move(loaded)), core_(core), tasks_(core.environment.now) {}

ServeGeneration::~ServeGeneration() {
    stop();
}

void ServeGeneration::make_intake() {
    const server::Config& config = loaded_.config;
    const auto is_listed = [&config](std::string_view host) { return config.hosts.contains(host); };
    unlisted_ = std::make_unique<server::UnlistedHosts>(is_listed, core_.store->hosts(),
                                                        config.unlisted_hosts);
    pushed_series_ = std::make_unique<server::PushedSeries>(*core_.store, is_listed);
    intake_ = std::make_unique<server::LineIntake>(*core_.ingest, config.senders, core_.log,
                                                   core_.environment.now, unlisted_.get(),
                                                   pushed_series_.get(), server::facts_of(config));
}

// Their lines are another host's from now on.
void ServeGeneration::warn_of_hidden_hosts() {
    const server::Config& config = loaded_.config;
    for (const std::string& host : core_.store->hosts()) {
        if (config.hosts.contains(host) || !config.names.contains(host)) continue;
        core_.log.warning(
            "a stored host has the name of another one",
            {{"host", host}, {"address", config.address_of(host).value_or("of several hosts")}});
    }
}

Result<void> ServeGeneration::open_access() {
    const auto data = core_.command.data.value_or(loaded_.config.data_dir);
    auto access = cli::open_access(loaded_.config, data, core_.environment, core_.log);
    if (!access) return std::unexpected(access.error());
    access_ = *std::move(access);
    return {};
}

void ServeGeneration::make_site() {
    site_ = std::make_unique<server::Site>(
        server::SiteParts{.config = loaded_.config,
                          .plugins = loaded_.plugins,
                          .store = *core_.store,
                          .metadata = *core_.metadata,
                          .log = core_.log,
                          .zone = loaded_.config.time_zone.value_or(core_.environment.zone),
                          .now = core_.environment.now,
                          .intake = core_.only_draws ? nullptr : intake_.get(),
                          .numbers = core_.numbers.get(),
                          .mackerel = core_.mackerel.get(),
                          .events = core_.events.get(),
                          .config_state = &core_.config_state,
                          .started = core_.started,
                          .heard_before = core_.heard_before,
                          .tree = core_.tree,
                          .access = access_.get(),
                          .tell_metrics = [this](server::MetricsText& text) {
                              tell_server(core_, text);
                              tell_polls(collections_, text);
                          }});
}

Result<void> ServeGeneration::prepare_collections() {
    const auto& [config, plugins] = loaded_;
    const Environment& environment = core_.environment;
    server::Ingest& ingest = *core_.ingest;
    server::Log& log = core_.log;
    std::optional<Error> wrong;
    const auto keep = [this, &wrong](Result<std::unique_ptr<Collection>> prepared) {
        if (!prepared && !wrong) wrong = prepared.error();
        if (prepared && *prepared) collections_.push_back(*std::move(prepared));
    };
    keep(prepare_ssh(config, environment, ingest, log));
    keep(prepare_snmp(config, plugins, environment, core_.snmp_turn, ingest, log));
    keep(prepare_munin(config, environment, *core_.store, ingest, log));
    for (const Fetches what : {Fetches::kServices, Fetches::kProbes}) {
        keep(prepare_plugins(what, config, plugins, environment, ingest, log));
    }
    keep(prepare_exec(config, environment, ingest, log));
    keep(prepare_scripts(config, plugins, environment, *core_.metadata, ingest, log));
    if (wrong) return std::unexpected(*wrong);
    return {};
}

void ServeGeneration::start() {
    if (core_.only_draws) return;
    warn_of_hidden_hosts();
    schedule_tasks(tasks_, loaded_.config, collections_, core_);
    for (const auto& collection : collections_) collection->start();
    tasks_.start();
}

void ServeGeneration::wind_down() {
    tasks_.stop();
    for (const auto& collection : collections_) collection->wind_down();
}

bool ServeGeneration::is_idle() const {
    return std::ranges::all_of(collections_,
                               [](const auto& collection) { return collection->is_idle(); });
}

void ServeGeneration::stop() {
    tasks_.stop();
    for (const auto& collection : collections_) collection->stop();
}

}  // namespace kurabe::cli
