// The programs that a server's configuration has run for its hosts.
#pragma once

#include <memory>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Null when no roll has a line `exec:NAME`. kInvalid for what cannot be run: an argument that is
// not safe, an account that does not exist. The references must outlive the collection.
[[nodiscard]] Result<std::unique_ptr<Collection>> prepare_exec(const server::Config& config,
                                                               const Environment& environment,
                                                               server::Ingest& ingest,
                                                               server::Log& log);

}  // namespace kurabe::cli
