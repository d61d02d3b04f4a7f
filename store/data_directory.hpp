// What is a data directory, and what to say of a directory that is none.
#pragma once

#include <filesystem>
#include <string>

#include "store/result.hpp"

namespace kurabe::store {

// Whether a Store was ever opened there for writing: it leaves its lock file.
[[nodiscard]] bool is_data_directory(const std::filesystem::path& directory);

// "DIR is not a data directory of kurabe"; with "; DIR/data is one" where that is so, as in the
// directory of a configuration.
[[nodiscard]] std::string not_a_data_directory(const std::filesystem::path& directory);

// kInvalid for what holds something else, so that no store begins beside it. What is absent or
// empty may become one.
[[nodiscard]] Result<void> check_may_be_data_directory(const std::filesystem::path& directory);

// Whether its file system takes no writes at all, so that a store there can only be read.
[[nodiscard]] bool is_on_read_only_file_system(const std::filesystem::path& directory);

}  // namespace kurabe::store
