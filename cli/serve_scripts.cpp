// One job for each line of each host.
#include "cli/serve_scripts.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/job_collection.hpp"
#include "collectors/kurado/script_runner.hpp"
#include "server/collected_line.hpp"
#include "server/kurado_scripts.hpp"

namespace kurabe::cli {
namespace {

using collectors::kurado::ScriptRunner;

constexpr std::size_t kScriptsAtOnceMax = 16;
constexpr std::chrono::seconds kTimeout{30};  // Kurado's
constexpr store::Seconds kViewInterval{300};  // of plugins that agents push

collectors::Job job_of(const server::Host& host, const server::PluginLine& line,
                       collectors::kurado::Scripts scripts, const Environment& environment,
                       const server::Metadata& metadata) {
    const std::string plugin = line.identifier();
    const store::Seconds interval =
        scripts.fetch ? host.interval : std::max(kViewInterval, host.interval);
    // Without what cannot be read the scripts go on, as pages do.
    const auto meta = [&metadata, address = host.address, plugin] {
        return metadata.meta(address, plugin).value_or(server::MetaMap{});
    };
    auto runner = std::make_shared<ScriptRunner>(
        std::move(scripts),
        collectors::kurado::ScriptTarget{
            .host = host.address,
            .address = host.connect_to,
            .hostname = host.hostname,
            .comments = host.comments,
            .plugin = plugin,
            .name = line.name,
            .arguments = line.arguments,
            .config_json = collectors::kurado::config_json(host.roll->metrics_config),
            .meta = meta},
        kTimeout, environment.now);
    return {.host = host.address,
            .plugin = plugin,
            .interval = interval,
            .run = [runner](const auto& stop) { return runner->run(stop); }};
}

}  // namespace

std::unique_ptr<Collection> prepare_scripts(const server::Config& config,
                                            const server::PluginCatalogue& plugins,
                                            const Environment& environment,
                                            const server::Metadata& metadata,
                                            server::Ingest& ingest, server::Log& log) {
    std::vector<collectors::Job> jobs;
    for (const auto& [address, place] : config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            if (server::is_collected(line.name) || plugins.find(line.name) != nullptr) continue;
            auto scripts = server::find_scripts(config.plugin_dirs, line.name);
            if (!scripts) continue;
            jobs.push_back(job_of(*place.host, line, *std::move(scripts), environment, metadata));
        }
    }
    if (jobs.empty()) return nullptr;
    return std::make_unique<JobCollection>("script", "command", std::move(jobs), kScriptsAtOnceMax,
                                           environment, ingest, log);
}

}  // namespace kurabe::cli
