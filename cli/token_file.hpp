// A secret from a file, so that it stands in no argument, environment, log or message.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "store/result.hpp"

namespace kurabe::cli {

inline constexpr std::size_t kTokenBytesMax = 4096;

// The file's first line. kInvalid for a file that open_secret_file() refuses, that is empty or too
// long, or has anything but printable ASCII without blanks; no message has any of it.
[[nodiscard]] Result<std::string> read_token(
    const std::filesystem::path& file, const std::optional<std::filesystem::path>& credentials);

}  // namespace kurabe::cli
