// Checks before the start, and the control itself.
#include "cli/serve_access.hpp"

#include "server/access/password_hash.hpp"

namespace kurabe::cli {

Result<void> check_access(const server::Config& config, const server::ListenAddress& listen,
                          server::Log& log) {
    auto checked = server::check_listening(config.access, listen.address, config.file);
    if (!checked) return checked;
    if (config.access.mode != server::AccessMode::kOpen || server::is_loopback(listen.address)) {
        return {};
    }
    log.warning(config.access.tokens_required
                    ? "access is open: whoever reaches this address may look"
                    : "access is open: whoever reaches this address may look and write",
                {{"address", listen.address}});
    return {};
}

Result<std::unique_ptr<server::AccessControl>> open_access(const server::Config& config,
                                                           const std::filesystem::path& data,
                                                           const Environment& environment,
                                                           server::Log& log,
                                                           std::optional<uid_t> other_owner) {
    return server::AccessControl::open({.config = config.access,
                                        .data = data,
                                        .credentials = environment.credentials,
                                        .matches = server::password_matches,
                                        .other_owner = other_owner},
                                       log);
}

}  // namespace kurabe::cli
