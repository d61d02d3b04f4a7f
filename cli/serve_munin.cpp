// One job for each munin-node.
#include "cli/serve_munin.hpp"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/job_collection.hpp"
#include "cli/ssh_settings.hpp"
#include "collectors/host_port.hpp"
#include "collectors/munin/node.hpp"
#include "collectors/munin/ssh_way.hpp"
#include "collectors/munin/tcp_way.hpp"
#include "collectors/ssh/access.hpp"
#include "collectors/ssh/target.hpp"
#include "server/collected_line.hpp"

namespace kurabe::cli {
namespace {

constexpr std::size_t kServingThreadsMax = 64;  // they mostly wait

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

// Makes the jobs of munin lines, and the ways to their hosts.
class MuninJobs {
  public:
    // The references outlive the jobs.
    MuninJobs(const server::Config& config, const Environment& environment,
              const store::Store& store)
        : config_(config), environment_(environment), store_(store) {}

    Result<collectors::Job> of(const server::Host& host, const server::PluginLine& line) {
        const auto parsed = server::parse_munin_line(line);
        if (!parsed) return std::unexpected(parsed.error());
        auto way = way_to(host.connect_to, *parsed);
        if (!way) {
            return fail(
                way.error().code,
                config_.message(host, fmt::format("'{}' of host '{}': {}", line.identifier(),
                                                  host.address, way.error().message)));
        }
        const std::string plugin = line.identifier();
        auto node = std::make_shared<collectors::munin::Node>(
            collectors::munin::NodeSettings{
                .host = host.address,
                .plugin = plugin,
                .service = parsed->service,
                .stored = [&store = store_, address = host.address,
                           plugin] { return last_times(store, address, plugin); }},
            *std::move(way), environment_.now, random_());
        return collectors::Job{.host = host.address,
                               .plugin = plugin,
                               .interval = host.interval,
                               .run = [node](const auto& stop) { return node->poll(stop); }};
    }

  private:
    Result<std::unique_ptr<collectors::munin::Way>> way_to(const std::string& address,
                                                           const server::MuninLine& line) {
        if (!line.ssh_way) {
            if (collectors::parse_host_port(address)) {
                return std::make_unique<collectors::munin::TcpWay>(
                    collectors::HostPort{.host = address, .port = line.port});
            }
            return fail(ErrorCode::kInvalid, "that is no address that can be connected to");
        }
        auto target = collectors::ssh::Target::parse_way(*line.ssh_way, address);
        if (!target) return std::unexpected(target.error());
        if (auto ready = prepare_access(); !ready) return std::unexpected(ready.error());
        return std::make_unique<collectors::munin::SshWay>(*std::move(target),
                                                           config_.munin_ssh_command, access_);
    }

    // Once, when there is a line that needs it.
    Result<void> prepare_access() {
        if (access_) return {};
        auto access = collectors::ssh::Access::prepare(ssh_settings(config_.ssh, environment_));
        if (!access) return std::unexpected(access.error());
        access_ = std::make_shared<const collectors::ssh::Access>(*std::move(access));
        return {};
    }

    const server::Config& config_;
    const Environment& environment_;
    const store::Store& store_;
    std::mt19937_64 random_{std::random_device{}()};
    std::shared_ptr<const collectors::ssh::Access> access_;
};

}  // namespace

Result<std::unique_ptr<Collection>> prepare_munin(const server::Config& config,
                                                  const Environment& environment,
                                                  const store::Store& store, server::Ingest& ingest,
                                                  server::Log& log) {
    std::vector<collectors::Job> jobs;
    MuninJobs munin_jobs(config, environment, store);
    for (const auto& [address, place] : config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            if (line.name != "munin") continue;
            auto job = munin_jobs.of(*place.host, line);
            if (!job) return std::unexpected(job.error());
            jobs.push_back(*std::move(job));
        }
    }
    if (jobs.empty()) return nullptr;
    return std::make_unique<JobCollection>("munin", "munin", std::move(jobs), kServingThreadsMax,
                                           environment, ingest, log);
}

}  // namespace kurabe::cli
