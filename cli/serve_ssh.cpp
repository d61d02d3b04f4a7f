// The hosts of a server's configuration that are watched over SSH.
#include "cli/serve_ssh.hpp"

#include <exception>
#include <random>
#include <utility>
#include <vector>

#include "collectors/rounds.hpp"

namespace kurabe::cli {

namespace {

constexpr store::Seconds kInterval{60};

}  // namespace

SshCollection::SshCollection(const Environment& environment, server::Ingest& ingest,
                             server::Log& log)
    : now_(environment.now), log_(log), outcomes_(polls_.kind, environment.now, ingest, log) {}

Result<std::unique_ptr<SshCollection>> SshCollection::prepare(const server::Config& config,
                                                              const Environment& environment,
                                                              server::Ingest& ingest,
                                                              server::Log& log) {
    std::vector<collectors::ssh::Target> targets;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->collect == server::CollectMethod::kSsh) targets.push_back(place.host->ssh);
    }
    if (targets.empty()) return nullptr;
    std::unique_ptr<SshCollection> collection(new SshCollection(environment, ingest, log));
    collectors::ssh::Settings settings = config.ssh;
    settings.credentials = environment.credentials;
    auto poller = collectors::ssh::Poller::create(
        settings, environment.now,
        [&outcomes = collection->outcomes_](const auto& target, const auto& outcome) {
            outcomes.take(target.host, outcome);
        },
        std::random_device{}());
    if (!poller) return std::unexpected(poller.error());
    collection->poller_ = *std::move(poller);
    for (collectors::ssh::Target& target : targets) collection->poller_->add(std::move(target));
    return collection;
}

SshCollection::~SshCollection() {
    stop();
}

// Want of memory in one round must not end the server.
void SshCollection::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            try {
                collectors::run_rounds(
                    *poller_, kInterval, now_, [&stop] { return !stop.stop_requested(); },
                    polls_.counts);
            } catch (const std::exception& exception) {
                log_.error("task failed", {{"reason", exception.what()}});
            }
        }
    });
}

void SshCollection::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace kurabe::cli
