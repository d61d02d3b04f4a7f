// Small files of secrets: read whole, replaced whole, and nobody else's to read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "store/result.hpp"

namespace kurabe::server {

struct SecretFile {
    std::filesystem::path path;
    std::size_t bytes_max;
    // Where systemd puts secrets; see collectors/secret_file.hpp.
    std::optional<std::filesystem::path> credentials = {};
    // Whose it may be besides root's and this process' user's.
    std::optional<uid_t> other_owner = {};
};

// kNotFound when there is none; kInvalid, among others, when others may read it. Root also reads
// those of the directory's owner, unless `other_owner` says whose.
[[nodiscard]] Result<std::string> read_secret(const SecretFile& file);

// Replaces the file by what `change` makes of its text, which is empty when there is none: whole,
// readable for its owner alone, and one change after the other when several processes want it. The
// owner is the directory's when root makes it, and stays when root changes it. `change` may fail:
// then nothing has changed.
[[nodiscard]] Result<void> change_secret(
    const SecretFile& file,
    const std::function<Result<std::string>(std::string_view text)>& change);

}  // namespace kurabe::server
