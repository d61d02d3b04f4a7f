// Files of a server's access, found by its configuration.
#pragma once

#include <filesystem>

#include "cli/command_line.hpp"
#include "server/config.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

struct AccessFiles {
    std::filesystem::path tokens;
    std::filesystem::path signing_keys;
};

// kInvalid for a configuration that no server would start with, and when there is no data directory
// yet: what is put into one that is not there would be lost to whoever mounts it.
[[nodiscard]] Result<AccessFiles> access_files(const ServerPlace& place);
// Of the configuration that the place names.
[[nodiscard]] Result<AccessFiles> access_files(const ServerPlace& place,
                                               const server::Config& config);

}  // namespace kurabe::cli
