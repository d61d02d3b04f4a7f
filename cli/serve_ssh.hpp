// The hosts of a server's configuration that are watched over SSH, on a thread of its own.
#pragma once

#include <memory>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Null when the configuration has no such host. An error when its key cannot be used. The
// references must outlive the collection.
[[nodiscard]] Result<std::unique_ptr<Collection>> prepare_ssh(const server::Config& config,
                                                              const Environment& environment,
                                                              server::Ingest& ingest,
                                                              server::Log& log);

}  // namespace kurabe::cli
