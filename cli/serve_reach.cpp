// The command line's files stand in place of the configuration's.
#include "cli/serve_reach.hpp"

namespace kurabe::cli {

Result<std::shared_ptr<const server::TlsIdentity>> load_identity(
    const ServeCore& core, const server::ServingConfig& serving) {
    const ServeCommand& command = core.command;
    auto files = serving.tls;
    if (command.tls_certificate && command.tls_key) {
        files = {.certificate = *command.tls_certificate, .key = *command.tls_key};
    }
    if (!files) return nullptr;
    return server::TlsIdentity::load(*files, core.environment.credentials);
}

Result<void> keep_access_log(ServeCore& core, const server::ServingConfig& serving) {
    return core.access_log.follow(core.command.access_log ? core.command.access_log
                                                          : serving.access_log);
}

}  // namespace kurabe::cli
