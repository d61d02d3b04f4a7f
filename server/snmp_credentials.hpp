// The file of SNMP credentials: what devices are shown before they answer.
// Rule: docs/collectors.md, "SNMP".
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "collectors/snmp/credentials.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kCredentialsBytesMax = 1 << 20;
// The variable that says where a service manager has put secrets.
inline constexpr const char* kCredentialsDirectory = "CREDENTIALS_DIRECTORY";

// The value of a variable of the environment, for secrets that the file gives as "env:NAME".
using AskEnvironment = std::function<std::optional<std::string>(const std::string& name)>;

// kInvalid for a file that open_secret_file() refuses (with that environment's
// kCredentialsDirectory, and `other_owner`), and for what it should not say; no message has a
// secret in it. Errors read "FILE:LINE:COLUMN: what is wrong".
[[nodiscard]] Result<std::vector<collectors::snmp::Credential>> load_snmp_credentials(
    const std::filesystem::path& file, const AskEnvironment& ask_environment,
    std::optional<uid_t> other_owner = {});

// Of this process.
[[nodiscard]] std::optional<std::string> ask_own_environment(const std::string& name);

}  // namespace kurabe::server
