// The hosts of a server's configuration that are watched by SNMP, on a thread of its own: the only
// one that may use net-snmp then.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <sys/types.h>

#include "cli/collection.hpp"
#include "cli/environment.hpp"
#include "server/config.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/plugin_definition.hpp"
#include "server/snmp_credentials.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Those that the configuration names; kInvalid when it names none, and as load_snmp_credentials().
[[nodiscard]] Result<std::vector<collectors::snmp::Credential>> load_credentials(
    const server::Config& config, const server::AskEnvironment& ask_environment,
    std::optional<uid_t> other_owner = {});

// Null when the configuration has no such host. An error when the credentials cannot be used or fit
// a host not, or a roll asks for a plugin that has no OIDs. Of several collections that one is at
// work which has the turn. The references must outlive the collection.
[[nodiscard]] Result<std::unique_ptr<Collection>> prepare_snmp(
    const server::Config& config, const server::PluginCatalogue& plugins,
    const Environment& environment, std::shared_ptr<std::timed_mutex> turn, server::Ingest& ingest,
    server::Log& log);

}  // namespace kurabe::cli
