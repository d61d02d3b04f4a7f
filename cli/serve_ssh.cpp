// The hosts of a server's configuration that are watched over SSH.
#include "cli/serve_ssh.hpp"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cli/polled_collection.hpp"
#include "cli/ssh_settings.hpp"
#include "collectors/ssh/poller.hpp"

namespace kurabe::cli {
namespace {

constexpr const char* kSsh = "ssh";

}  // namespace

Result<std::unique_ptr<Collection>> prepare_ssh(const server::Config& config,
                                                const Environment& environment,
                                                server::Ingest& ingest, server::Log& log) {
    std::map<store::Seconds, std::vector<collectors::ssh::Target>> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect != server::CollectMethod::kSsh) continue;
        targets[place.host->interval].push_back(place.host->ssh);
    }
    if (targets.empty()) return nullptr;
    auto collection = std::make_unique<PolledCollection<collectors::ssh::Poller>>(
        kSsh, kSsh, kHostTexts, environment, ingest, log);
    auto poller = collectors::ssh::Poller::create(
        ssh_settings(config.ssh, environment), environment.now,
        [&config, &outcomes = collection->outcomes()](const auto& target, const auto& outcome) {
            const std::string& host = target.reported_host();
            outcomes.take({.host = host, .interval = config.interval_of(host)}, outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    auto paces =
        collectors::add_by_interval(std::move(targets), [&config, &hosts = **poller](auto target) {
            const store::Seconds interval = config.interval_of(target.reported_host());
            hosts.add(std::move(target), interval);
        });
    collection->use(*std::move(poller), std::move(paces));
    return collection;
}

}  // namespace kurabe::cli
