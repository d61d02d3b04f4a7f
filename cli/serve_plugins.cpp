// What the plugins of a server's configuration fetch from its hosts.
#include "cli/serve_plugins.hpp"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cli/polled_collection.hpp"
#include "collectors/fetch/fetcher.hpp"

namespace kurabe::cli {

namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::Target;

constexpr OutcomeTexts kTexts{"plugin cannot fetch", "plugin fetches again", true};

// Every line of every roll whose plugin is fetched so. Invented hosts have no services.
std::map<store::Seconds, std::vector<Target>> targets_of(Fetches what, const server::Config& config,
                                                         const server::PluginCatalogue& plugins) {
    std::map<store::Seconds, std::vector<Target>> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect == server::CollectMethod::kDemo) continue;
        const server::Roll& roll = *place.host->roll;
        for (const server::PluginLine& line : roll.plugins) {
            const server::PluginDefinition* const definition = plugins.find(line.name);
            if (definition == nullptr || definition->recipe() == nullptr) continue;
            Target target = Target::of(address, line.identifier(), definition->recipe(),
                                       line.arguments, roll.metrics_config, place.host->connect_to);
            if (target.probes() != (what == Fetches::kProbes)) continue;
            targets[place.host->interval].push_back(std::move(target));
        }
    }
    return targets;
}

}  // namespace

Result<std::unique_ptr<Collection>> prepare_plugins(Fetches what, const server::Config& config,
                                                    const server::PluginCatalogue& plugins,
                                                    const Environment& environment,
                                                    server::Ingest& ingest, server::Log& log) {
    auto targets = targets_of(what, config, plugins);
    if (targets.empty()) return nullptr;
    auto collection = std::make_unique<PolledCollection<Fetcher>>(
        what == Fetches::kProbes ? "probes" : "plugins",
        std::string(collectors::fetch::kFailureWarning), kTexts, environment, ingest, log);
    auto fetcher = Fetcher::create(
        environment.now,
        [&config, &outcomes = collection->outcomes()](const auto& target, const auto& outcome) {
            outcomes.take({.host = target.host,
                           .plugin = target.plugin,
                           .interval = config.interval_of(target.host)},
                          outcome.report);
        },
        std::random_device{}());
    if (!fetcher) return std::unexpected(fetcher.error());
    auto paces = collectors::add_by_interval(
        std::move(targets),
        [&fetches = **fetcher](auto target) { fetches.add(std::move(target)); });
    collection->use(*std::move(fetcher), std::move(paces));
    return collection;
}

}  // namespace kurabe::cli
