// What it takes to get into hosts over SSH.
#include "collectors/ssh/access.hpp"

#include <system_error>
#include <utility>

#include <unistd.h>

namespace kurabe::collectors::ssh {
namespace {

// libssh passes over a configuration that it cannot read, and with it the users and proxies that it
// names.
Result<void> check_readable(const std::filesystem::path& file) {
    std::error_code unknown;
    const bool is_file = std::filesystem::is_regular_file(file, unknown);
    if (is_file && ::access(file.c_str(), R_OK) == 0) return {};
    return fail(ErrorCode::kInvalid,
                file.string() + ": no file that can be read; 'none' means no configuration");
}

}  // namespace

Result<Access> Access::prepare(Settings settings) {
    if (settings.config && *settings.config != kNoConfig) {
        if (auto checked = check_readable(*settings.config); !checked) {
            return std::unexpected(checked.error());
        }
    }
    Access access{.settings = std::move(settings), .identity = nullptr};
    if (access.settings.identity) {
        auto loaded = Identity::load(*access.settings.identity, access.settings.credentials);
        if (!loaded) return std::unexpected(loaded.error());
        access.identity = *std::move(loaded);
    }
    return access;
}

}  // namespace kurabe::collectors::ssh
