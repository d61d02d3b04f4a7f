// How a server is reached and who is noted to have done so: its ports, the certificate of HTTPS and
// the access log, of the command line or else the configuration.
#pragma once

#include <memory>

#include "cli/serve_core.hpp"
#include "server/serving_config.hpp"
#include "server/tls.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Whether each port of the command line can be listened on, so that a start that is refused for one
// has made nothing yet. Those of peers are not looked at when the server only draws.
[[nodiscard]] Result<void> check_ports(const ServeCommand& command, bool only_draws);

// Reads the files anew. Null where there is to be no HTTPS.
[[nodiscard]] Result<std::shared_ptr<const server::TlsIdentity>> load_identity(
    const ServeCore& core, const server::ServingConfig& serving);

// Opens the access log anew, or ends it.
[[nodiscard]] Result<void> keep_access_log(ServeCore& core, const server::ServingConfig& serving);

}  // namespace kurabe::cli
