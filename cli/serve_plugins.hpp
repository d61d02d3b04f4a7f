// What the plugins of a server's configuration fetch from its hosts, on a thread of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "cli/lasting_thread.hpp"
#include "cli/poll_outcomes.hpp"
#include "collectors/fetch/fetcher.hpp"
#include "collectors/rounds.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::cli {

// Probes have a thread of their own, so that the work of reading answers is no latency.
enum class Fetches : std::uint8_t { kServices, kProbes };

class PluginCollection final : public Collection {
  public:
    // Null when no host's roll names a plugin that is fetched so. The references must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<PluginCollection>> prepare(
        Fetches what, const server::Config& config, const server::PluginCatalogue& plugins,
        const Environment& environment, server::Ingest& ingest, server::Log& log);
    ~PluginCollection() override;  // as stop()
    PluginCollection(const PluginCollection&) = delete;
    PluginCollection& operator=(const PluginCollection&) = delete;

    void start() override;
    // Within half a second; fetches under way are given up.
    void stop() override;
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    PluginCollection(Fetches what, const Environment& environment, server::Ingest& ingest,
                     server::Log& log);

    Polls polls_;
    std::function<store::Time()> now_;
    server::Log& log_;
    PollOutcomes outcomes_;
    std::unique_ptr<collectors::fetch::Fetcher> fetcher_;
    std::vector<collectors::Pace> paces_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
