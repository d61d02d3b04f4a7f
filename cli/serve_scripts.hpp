// Kurado's own plugins, Perl scripts, in a server.
#pragma once

#include <memory>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::cli {

// Those of lines that have no plugin file. Null when there are none. The references must outlive
// the collection.
[[nodiscard]] std::unique_ptr<Collection> prepare_scripts(const server::Config& config,
                                                          const server::PluginCatalogue& plugins,
                                                          const Environment& environment,
                                                          const server::Metadata& metadata,
                                                          server::Ingest& ingest, server::Log& log);

}  // namespace kurabe::cli
