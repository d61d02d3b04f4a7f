// What the plugins of a server's configuration fetch from its hosts, on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/plugin_definition.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Probes have a thread of their own, so that the work of reading answers is no latency.
enum class Fetches : std::uint8_t { kServices, kProbes };

// Null when no host's roll names a plugin that is fetched so. The references must outlive the
// collection.
[[nodiscard]] Result<std::unique_ptr<Collection>> prepare_plugins(
    Fetches what, const server::Config& config, const server::PluginCatalogue& plugins,
    const Environment& environment, server::Ingest& ingest, server::Log& log);

}  // namespace kurabe::cli
