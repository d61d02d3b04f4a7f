// One job for each line of each host.
#include "cli/serve_exec.hpp"

#include <string>
#include <utility>
#include <vector>

#include "cli/job_collection.hpp"
#include "collectors/exec/runner.hpp"
#include "server/collected_line.hpp"

namespace kurabe::cli {
namespace {

constexpr std::size_t kProgramsAtOnceMax = 16;

Result<collectors::Job> job_of(const server::Host& host, const server::PluginLine& line,
                               const server::Config& config, const Environment& environment) {
    namespace exec = collectors::exec;
    const exec::Command& command = config.commands.at(std::string(line.page_name()));
    const auto arguments = line.page_arguments();
    const store::Seconds interval = command.interval.value_or(host.interval);
    auto runner = exec::Runner::prepare(command,
                                        {.host = host.address,
                                         .address = host.connect_to,
                                         .hostname = host.hostname,
                                         .plugin = line.identifier(),
                                         .arguments = {arguments.begin(), arguments.end()},
                                         .interval = interval},
                                        environment.now);
    if (!runner) {
        return fail(ErrorCode::kInvalid, host.roll->message(line, runner.error().message));
    }
    return collectors::Job{.host = host.address,
                           .plugin = line.identifier(),
                           .interval = interval,
                           .run = [shared = std::shared_ptr<exec::Runner>(*std::move(runner))](
                                      const auto& stop) { return shared->run(stop); }};
}

}  // namespace

Result<std::unique_ptr<Collection>> prepare_exec(const server::Config& config,
                                                 const Environment& environment,
                                                 server::Ingest& ingest, server::Log& log) {
    std::vector<collectors::Job> jobs;
    for (const auto& [address, place] : config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            if (line.name != server::kExecLine) continue;
            auto job = job_of(*place.host, line, config, environment);
            if (!job) return std::unexpected(job.error());
            jobs.push_back(*std::move(job));
        }
    }
    if (jobs.empty()) return nullptr;
    return std::make_unique<JobCollection>("exec", "command", std::move(jobs), kProgramsAtOnceMax,
                                           environment, ingest, log);
}

}  // namespace kurabe::cli
