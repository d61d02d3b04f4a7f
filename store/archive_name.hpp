// File names of host archives: a host's name can hold anything, its file's name must not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::store {

// "db-1.example" -> "db-1.example.kurabe". Bytes outside [A-Za-z0-9_.-] and a '.' at the beginning
// become %XX, so that no name is a path or hidden. kInvalid for a bad name, or one whose file name
// would be too long.
[[nodiscard]] Result<std::string> archive_name_of(std::string_view host);

// The host of such a file name; nothing for other names.
[[nodiscard]] std::optional<std::string> host_of_archive_name(std::string_view name);

}  // namespace kurabe::store
