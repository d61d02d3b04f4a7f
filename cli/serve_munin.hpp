// The munin-nodes of a server's configuration.
#pragma once

#include <memory>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "store/result.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

// Null when no roll has a line `munin`. kInvalid for an address that is none. The references must
// outlive the collection.
[[nodiscard]] Result<std::unique_ptr<Collection>> prepare_munin(const server::Config& config,
                                                                const Environment& environment,
                                                                const store::Store& store,
                                                                server::Ingest& ingest,
                                                                server::Log& log);

}  // namespace kurabe::cli
