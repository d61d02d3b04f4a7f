// The hosts of a server's configuration that are watched by SNMP.
#include "cli/serve_snmp.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/polled_collection.hpp"
#include "collectors/snmp/poller.hpp"

namespace kurabe::cli {

namespace {

namespace snmp = collectors::snmp;

constexpr const char* kSnmp = "snmp";

// The roll's line that asks for a plugin's objects.
std::string complaint(const server::Roll& roll, const std::string& plugin) {
    const auto line =
        std::ranges::find(roll.collections, "snmp:oid:" + plugin, &server::PluginLine::identifier);
    return roll.message(line == roll.collections.end() ? server::PluginLine() : *line,
                        fmt::format("there is no plugin '{}' with a section 'snmp'", plugin));
}

// A roll without a line of its own, whose hosts have `collect: snmp`, asks for everything.
Result<snmp::Target> target_of(const server::Host& host, const server::PluginCatalogue& plugins) {
    const server::Roll& roll = *host.roll;
    snmp::Target target{
        .host = host.connect_to,
        .known_as = host.address,
        .name = host.hostname,
        .heartbeat = std::max(snmp::kUsualHeartbeat, server::heartbeat_at(host.interval))};
    target.wanted = roll.collections.empty() ? snmp::Wanted::everything() : roll.snmp.wanted;
    for (const std::string& name : roll.snmp.plugins) {
        const server::PluginDefinition* const plugin = plugins.find(name);
        if (plugin == nullptr || !plugin->oids()) {
            return fail(ErrorCode::kInvalid, complaint(roll, name));
        }
        target.wanted.plugins.push_back(plugin->oids());
    }
    return target;
}

// Where a host that fails has its reason.
std::string_view first_plugin(const snmp::Wanted& wanted) {
    return wanted.has_base() || wanted.plugins.empty() ? "base"
                                                       : std::string_view(wanted.plugins[0]->name);
}

Result<snmp::Settings> settings_of(const server::Config& config) {
    auto credentials = load_credentials(config, server::ask_own_environment);
    if (!credentials) return std::unexpected(credentials.error());
    return snmp::Settings{.credentials = *std::move(credentials),
                          .filters = config.snmp.filters,
                          .patience = config.snmp.patience};
}

}  // namespace

Result<std::vector<snmp::Credential>> load_credentials(
    const server::Config& config, const server::AskEnvironment& ask_environment,
    std::optional<uid_t> other_owner) {
    if (config.snmp.credentials) {
        return server::load_snmp_credentials(*config.snmp.credentials, ask_environment,
                                             other_owner);
    }
    return fail(ErrorCode::kInvalid,
                fmt::format("{}:1: hosts are to be watched by SNMP, but 'config' has no 'snmp' "
                            "with 'credentials: FILE'",
                            config.file.native()));
}

Result<std::unique_ptr<Collection>> prepare_snmp(const server::Config& config,
                                                 const server::PluginCatalogue& plugins,
                                                 const Environment& environment,
                                                 std::shared_ptr<std::timed_mutex> turn,
                                                 server::Ingest& ingest, server::Log& log) {
    std::map<store::Seconds, std::vector<snmp::Target>> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect != server::CollectMethod::kSnmp) continue;
        auto target = target_of(*place.host, plugins);
        if (!target) return std::unexpected(target.error());
        targets[place.host->interval].push_back(*std::move(target));
    }
    if (targets.empty()) return nullptr;
    auto settings = settings_of(config);
    if (!settings) return std::unexpected(settings.error());
    auto collection = std::make_unique<PolledCollection<snmp::Poller>>(kSnmp, kSnmp, kHostTexts,
                                                                       environment, ingest, log);
    auto poller = snmp::Poller::create(
        *std::move(settings), environment.now,
        [&config, &outcomes = collection->outcomes()](const auto& target, const auto& outcome) {
            const std::string& host = target.reported_host();
            outcomes.take({.host = host,
                           .plugin = std::string(first_plugin(target.wanted)),
                           .interval = config.interval_of(host)},
                          outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    Result<void> added;
    auto paces =
        collectors::add_by_interval(std::move(targets), [&added, &devices = **poller](auto target) {
            if (added) added = devices.add(std::move(target));
        });
    if (!added) return std::unexpected(added.error());
    collection->use(*std::move(poller), std::move(paces), std::move(turn));
    return collection;
}

}  // namespace kurabe::cli
