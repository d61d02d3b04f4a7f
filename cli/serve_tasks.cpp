// Each task for itself; a failure of one is in the log and the next tick tries again.
#include "cli/serve_tasks.hpp"

#include <exception>
#include <map>
#include <string>
#include <utility>

#include "cli/own_metrics.hpp"
#include "collectors/demo_fleet.hpp"
#include "collectors/local.hpp"

namespace kurabe::cli {
namespace {

constexpr store::Seconds kOwnInterval{60};

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

// Samples have the time at which they were read, and not that of the tick: after a slow task it may
// be much later, and a counter's rate would be wrong.
void schedule_local(collectors::Schedule& tasks, const server::Config& config, ServeCore& core) {
    for (const auto& [interval, addresses] :
         addresses_collected_by(config, server::CollectMethod::kLocal)) {
        const Task collect = [&ingest = *core.ingest, pace = interval, hosts = addresses,
                              now = core.environment.now](store::Time) {
            for (const std::string& address : hosts) {
                accept(ingest, collectors::collect_local("/", address, now()), pace);
            }
        };
        tasks.add({.interval = interval, .at_once = true, .run = guarded(core.log, collect)});
    }
}

void schedule_demo(collectors::Schedule& tasks, const server::Config& config, ServeCore& core) {
    const auto by_interval = addresses_collected_by(config, server::CollectMethod::kDemo);
    if (by_interval.empty() || !config.demo) return;
    auto fleet = std::make_shared<const collectors::DemoFleet>(*config.demo);
    for (const auto& [interval, addresses] : by_interval) {
        const Task collect = [&ingest = *core.ingest, fleet, pace = interval,
                              hosts = addresses](store::Time tick) {
            for (const std::string& address : hosts) {
                const auto host = fleet->find(address);
                const auto report = host ? fleet->report(*host, tick) : std::nullopt;
                if (report) accept(ingest, *report, pace);
            }
        };
        tasks.add({.interval = interval, .run = guarded(core.log, collect)});
    }
}

// Counters begin anew with each generation, because what the collections count does.
void schedule_own(collectors::Schedule& tasks, const server::Config& config,
                  const std::vector<std::unique_ptr<Collection>>& collections, ServeCore& core) {
    auto addresses = own_addresses(config);
    if (addresses.empty()) return;
    const Task report = [&core, &collections, addresses, is_first = true](store::Time) mutable {
        for (collectors::Report& own : own_reports(addresses, collections, core.ingest->numbers(),
                                                   core.started, core.environment.now())) {
            if (is_first) begin_counters_anew(own);
            accept(*core.ingest, own, kOwnInterval);
        }
        is_first = false;
    };
    tasks.add({.interval = kOwnInterval, .at_once = true, .run = guarded(core.log, report)});
}

}  // namespace

Task guarded(server::Log& log, Task run) {
    return [&log, run = std::move(run)](store::Time tick) {
        try {
            run(tick);
        } catch (const std::exception& exception) {
            log.error("task failed", {{"reason", exception.what()}});
        }
    };
}

void schedule_tasks(collectors::Schedule& tasks, const server::Config& config,
                    const std::vector<std::unique_ptr<Collection>>& collections, ServeCore& core) {
    schedule_local(tasks, config, core);
    schedule_demo(tasks, config, core);
    schedule_own(tasks, config, collections, core);
}

}  // namespace kurabe::cli
