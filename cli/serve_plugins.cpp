// What the plugins of a server's configuration fetch from its hosts.
#include "cli/serve_plugins.hpp"

#include <exception>
#include <random>
#include <vector>

#include "collectors/rounds.hpp"

namespace kurabe::cli {

namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::Target;

constexpr store::Seconds kInterval{60};

// Every line of every roll whose plugin is fetched. Invented hosts have no services.
std::vector<Target> targets_of(const server::Config& config,
                               const server::PluginCatalogue& plugins) {
    std::vector<Target> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect == server::CollectMethod::kDemo) continue;
        const server::Roll& roll = *place.host->roll;
        for (const server::PluginLine& line : roll.plugins) {
            const server::PluginDefinition* const definition = plugins.find(line.name);
            if (definition == nullptr || definition->recipe() == nullptr) continue;
            targets.push_back(Target::of(address, line.identifier(), definition->recipe(),
                                         line.arguments, roll.metrics_config));
        }
    }
    return targets;
}

}  // namespace

PluginCollection::PluginCollection(const Environment& environment, server::Ingest& ingest,
                                   server::Log& log)
    : now_(environment.now), ingest_(ingest), log_(log) {}

Result<std::unique_ptr<PluginCollection>> PluginCollection::prepare(
    const server::Config& config, const server::PluginCatalogue& plugins,
    const Environment& environment, server::Ingest& ingest, server::Log& log) {
    std::vector<Target> targets = targets_of(config, plugins);
    if (targets.empty()) return nullptr;
    std::unique_ptr<PluginCollection> collection(new PluginCollection(environment, ingest, log));
    auto fetcher = Fetcher::create(
        environment.now,
        [&taking = *collection](const auto& target, const auto& outcome) {
            taking.take(target, outcome);
        },
        std::random_device{}());
    if (!fetcher) return std::unexpected(fetcher.error());
    collection->fetcher_ = *std::move(fetcher);
    for (Target& target : targets) collection->fetcher_->add(std::move(target));
    return collection;
}

PluginCollection::~PluginCollection() {
    stop();
}

// Want of memory in one round must not end the server.
void PluginCollection::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            try {
                collectors::run_rounds(
                    *fetcher_, kInterval, now_, [&stop] { return !stop.stop_requested(); },
                    polls_.counts);
            } catch (const std::exception& exception) {
                log_.error("task failed", {{"reason", exception.what()}});
            }
        }
    });
}

void PluginCollection::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

// The log has when a service begins to fail and when it no longer does; the host's page has each
// reason.
void PluginCollection::take(const Target& target, const collectors::fetch::Outcome& outcome) {
    const std::pair service{target.host, target.plugin};
    if (outcome.report) {
        if (failing_.erase(service) == 0) {
            (void)ingest_.accept(*outcome.report);
            return;
        }
        log_.info("plugin fetches again", {{"host", target.host}, {"plugin", target.plugin}});
        collectors::Report report = *outcome.report;
        report.plugin = target.plugin;
        report.ended_warnings.emplace_back(collectors::fetch::kFailureWarning);
        (void)ingest_.accept(report);
        return;
    }
    const std::string& reason = outcome.report.error().message;
    if (failing_.insert(service).second) {
        log_.warning("plugin cannot fetch",
                     {{"host", target.host}, {"plugin", target.plugin}, {"reason", reason}});
    }
    (void)ingest_.accept(
        collectors::fetch::failure_report(target.host, target.plugin, reason, now_()));
}

}  // namespace kurabe::cli
