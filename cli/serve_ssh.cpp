// The hosts of a server's configuration that are watched over SSH.
#include "cli/serve_ssh.hpp"

#include <map>
#include <random>
#include <utility>
#include <vector>

namespace kurabe::cli {

SshCollection::SshCollection(const Environment& environment, server::Ingest& ingest,
                             server::Log& log)
    : now_(environment.now),
      log_(log),
      outcomes_(polls_.kind, kHostTexts, environment.now, ingest, log) {}

Result<std::unique_ptr<SshCollection>> SshCollection::prepare(const server::Config& config,
                                                              const Environment& environment,
                                                              server::Ingest& ingest,
                                                              server::Log& log) {
    std::map<store::Seconds, std::vector<collectors::ssh::Target>> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect != server::CollectMethod::kSsh) continue;
        targets[place.host->interval].push_back(place.host->ssh);
    }
    if (targets.empty()) return nullptr;
    std::unique_ptr<SshCollection> collection(new SshCollection(environment, ingest, log));
    collectors::ssh::Settings settings = config.ssh;
    settings.credentials = environment.credentials;
    auto poller = collectors::ssh::Poller::create(
        settings, environment.now,
        [&config, &outcomes = collection->outcomes_](const auto& target, const auto& outcome) {
            outcomes.take({.host = target.host, .interval = config.interval_of(target.host)},
                          outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    collection->poller_ = *std::move(poller);
    collection->paces_ = collectors::add_by_interval(
        std::move(targets), [&config, &poller = *collection->poller_](auto target) {
            const store::Seconds interval = config.interval_of(target.host);
            poller.add(std::move(target), interval);
        });
    return collection;
}

SshCollection::~SshCollection() {
    stop();
}

void SshCollection::start() {
    thread_.start(log_, [this](const std::stop_token& stop) {
        collectors::run_rounds(
            *poller_, paces_, now_, [&stop] { return !stop.stop_requested(); }, polls_.counts);
    });
}

void SshCollection::stop() {
    thread_.stop();
}

}  // namespace kurabe::cli
