// Files of secrets: tokens, keys, passphrases. Only root and their owner may read them. Rule: our
// own, and systemd.exec(5), "Credentials".
#pragma once

#include <filesystem>
#include <optional>

#include <sys/types.h>

#include "collectors/descriptor.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

// Opens a regular file of root's or of this process' user that others may not read. Links are
// followed. Its group may read it only where it is root's, and below `credentials`: that is where
// systemd puts secrets of services (CREDENTIALS_DIRECTORY), whose users have them by an access
// list, which shows as bits of the group. It may also be `other_owner`'s. kInvalid says what is
// wrong.
[[nodiscard]] Result<Descriptor> open_secret_file(
    const std::filesystem::path& file, const std::optional<std::filesystem::path>& credentials,
    std::optional<uid_t> other_owner = {});

}  // namespace kurabe::collectors
