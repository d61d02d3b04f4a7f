// Who may look at a server and write to it, as its configuration says.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <sys/types.h>

#include "cli/environment.hpp"
#include "server/access/access_control.hpp"
#include "server/config.hpp"
#include "server/http_server.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Before anything starts: kInvalid for an address on which a server with that configuration must
// not listen. What is allowed and may not be meant is a warning of the log.
[[nodiscard]] Result<void> check_access(const server::Config& config,
                                        const server::ListenAddress& listen, server::Log& log);

// References must outlive it. `other_owner` as in server/access/secret_text.hpp.
[[nodiscard]] Result<std::unique_ptr<server::AccessControl>> open_access(
    const server::Config& config, const std::filesystem::path& data, const Environment& environment,
    server::Log& log, std::optional<uid_t> other_owner = {});

}  // namespace kurabe::cli
