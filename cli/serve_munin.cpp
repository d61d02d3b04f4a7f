// One job for each munin-node.
#include "cli/serve_munin.hpp"

#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/job_collection.hpp"
#include "collectors/host_port.hpp"
#include "collectors/munin/node.hpp"
#include "server/collected_line.hpp"

namespace kurabe::cli {
namespace {

constexpr std::size_t kThreadsMax = 64;  // they mostly wait

using LastTimes = std::map<std::string, store::SampleTime, std::less<>>;

// Of the series of one plugin of a host; none when the host has no archive.
LastTimes last_times(const store::Store& store, const std::string& host,
                     const std::string& plugin) {
    LastTimes times;
    const auto all = store.series(host);
    if (!all) return times;
    for (const store::SeriesInfo& series : *all) {
        if (series.name.plugin == plugin) times[series.name.key] = series.last_update;
    }
    return times;
}

Result<collectors::Job> job_of(const server::Config& config, const server::Host& host,
                               const server::PluginLine& line, const Environment& environment,
                               const store::Store& store, std::uint64_t seed) {
    const auto parsed = server::parse_munin_line(line);
    if (!parsed) return std::unexpected(parsed.error());
    if (!collectors::parse_host_port(host.address)) {
        return fail(ErrorCode::kInvalid,
                    config.message(host, fmt::format("'{}': '{}' is no address that can be "
                                                     "connected to",
                                                     line.identifier(), host.address)));
    }
    const std::string plugin = line.identifier();
    auto node = std::make_shared<collectors::munin::Node>(
        collectors::munin::NodeSettings{
            .host = host.address,
            .plugin = plugin,
            .peer = {.host = host.address, .port = parsed->port},
            .service = parsed->service,
            .stored = [&store, address = host.address,
                       plugin] { return last_times(store, address, plugin); }},
        environment.now, seed);
    return collectors::Job{.host = host.address,
                           .plugin = plugin,
                           .interval = host.interval,
                           .run = [node](const auto& stop) { return node->poll(stop); }};
}

}  // namespace

Result<std::unique_ptr<Collection>> prepare_munin(const server::Config& config,
                                                  const Environment& environment,
                                                  const store::Store& store, server::Ingest& ingest,
                                                  server::Log& log) {
    std::vector<collectors::Job> jobs;
    std::mt19937_64 random(std::random_device{}());
    for (const auto& [address, place] : config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            if (line.name != "munin") continue;
            auto job = job_of(config, *place.host, line, environment, store, random());
            if (!job) return std::unexpected(job.error());
            jobs.push_back(*std::move(job));
        }
    }
    if (jobs.empty()) return nullptr;
    return std::make_unique<JobCollection>("munin", "munin", std::move(jobs), kThreadsMax,
                                           environment, ingest, log);
}

}  // namespace kurabe::cli
