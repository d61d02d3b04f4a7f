// The hosts of a server's configuration that are watched by SNMP, on a thread of its own: the only
// one that may use net-snmp.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "cli/lasting_thread.hpp"
#include "cli/poll_outcomes.hpp"
#include "collectors/rounds.hpp"
#include "collectors/snmp/poller.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::cli {

class SnmpCollection final : public Collection {
  public:
    // Null when the configuration has no such host. An error when the credentials cannot be used or
    // fit a host not, or a roll asks for a plugin that has no OIDs. The references must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<SnmpCollection>> prepare(
        const server::Config& config, const server::PluginCatalogue& plugins,
        const Environment& environment, server::Ingest& ingest, server::Log& log);
    ~SnmpCollection() override;  // as stop()
    SnmpCollection(const SnmpCollection&) = delete;
    SnmpCollection& operator=(const SnmpCollection&) = delete;

    void start() override;
    // Within half a second; polls under way are given up.
    void stop() override;
    [[nodiscard]] Polls* polls() noexcept override { return &polls_; }

  private:
    SnmpCollection(const Environment& environment, server::Ingest& ingest, server::Log& log);

    Polls polls_{.kind = "snmp"};
    std::function<store::Time()> now_;
    server::Log& log_;
    PollOutcomes outcomes_;
    std::unique_ptr<collectors::snmp::Poller> poller_;
    std::vector<collectors::Pace> paces_;
    LastingThread thread_;
};

}  // namespace kurabe::cli
